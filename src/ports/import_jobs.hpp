// Runs imports in the background.
#pragma once

#include "domain/ids.hpp"
#include "runtime/task.hpp"

#include <string>

namespace estante {

// A completely uploaded catalogue file.
struct Upload {
    std::string path{};       // a local file, or an object's key if uploads go to an object store
    std::string media_type{}; // the Content-Type of the request
};

class ImportJobs {
public:
    virtual ~ImportJobs() = default;

    // Queues the upload of a job whose item is stored, and returns before it runs. The implementation then owns the
    // file. It calls imports::run_import, again after an interruption, or imports::fail_import if the file is not a
    // catalogue.
    virtual Task<void> start(TenantId tenant, ImportId job, Upload upload) = 0;
};

} // namespace estante
