// What every object store has to do, written against the port. The suite needs no empty store: each test keeps to keys
// below a prefix that no other test and no earlier run has used.
#pragma once

#include "ports/object_store.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace estante {

class ObjectsUnderTest {
public:
    virtual ~ObjectsUnderTest() = default;

    virtual ObjectStore& objects() = 0;
    // Another store on the same objects, as another process has it; absent: this engine's objects are one process's
    // own.
    virtual std::unique_ptr<ObjectsUnderTest> another() { return nullptr; }
    // Whether any valid key can be one beside any other. (An engine that stores objects as files may not take both "a"
    // and "a/b", or a part of 300 bytes.)
    virtual bool takes_any_keys() { return true; }
};

struct ObjectEngine {
    std::string name;
    std::function<std::unique_ptr<ObjectsUnderTest>()> create;

    friend std::ostream& operator<<(std::ostream& out, const ObjectEngine& engine) { return out << engine.name; }
};

// "ok", or the name of the error's code.
std::string outcome_of(const ObjectError& error);
template <class T> std::string outcome(const Result<T, ObjectError>& answer)
{
    return answer ? "ok" : outcome_of(answer.error());
}

class ObjectStoreContract : public testing::TestWithParam<ObjectEngine> {
protected:
    std::unique_ptr<ObjectsUnderTest> engine = GetParam().create();
    ObjectStore& store = engine->objects();
    const std::string prefix = fresh_object_prefix();
    TemporaryFolder folder;

    static std::string fresh_object_prefix(); // ends in '/'
    std::string key(const std::string& name) const { return prefix + name; }

    Result<std::string, ObjectError> put(const std::string& name, std::string bytes, IfObject condition = {});
    std::string given(const std::string& name, std::string bytes = "x"); // answers the ETag
    std::optional<std::string> get(const std::string& name);
    // The names of all objects whose names begin with `begin`, read in pages.
    std::vector<std::string> names(const std::string& begin = "", std::size_t limit = 1000);
};

} // namespace estante
