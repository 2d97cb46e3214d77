// The contract of the object store port. The store need not be empty: each test uses keys with a prefix that no other
// test and no earlier run has used.
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
    // A second store with the same objects, as in another process; nullptr if the engine is restricted to one process.
    virtual std::unique_ptr<ObjectsUnderTest> another() { return nullptr; }
    // Whether every valid key can exist beside every other. (An emulator that stores objects as files may reject "a/b"
    // beside "a", or a part of 300 bytes.)
    virtual bool takes_any_keys() { return true; }
};

struct ObjectEngine {
    std::string name;
    std::function<std::unique_ptr<ObjectsUnderTest>()> create;

    friend std::ostream& operator<<(std::ostream& out, const ObjectEngine& engine) { return out << engine.name; }
};

// "ok", or the name of the error's code.
std::string outcome_of(const ObjectError& error);
template <class T> std::string outcome(const Result<T, ObjectError>& result)
{
    return result ? "ok" : outcome_of(result.error());
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
    std::string given(const std::string& name, std::string bytes = "x"); // returns the ETag
    std::optional<std::string> get(const std::string& name);
    // The names of all objects whose names begin with `begin`, read in pages.
    std::vector<std::string> names(const std::string& begin = "", std::size_t limit = 1000);
};

} // namespace estante
