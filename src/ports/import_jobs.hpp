// Runs imports beside the requests that start them.
#pragma once

#include "domain/ids.hpp"
#include "runtime/task.hpp"

#include <string>

namespace estante {

// A catalogue that was uploaded: the file that holds it, complete, and what its sender called it.
struct Upload {
    std::string path{};       // on this machine, or an object's key where uploads go to an object store
    std::string media_type{}; // as the request had it
};

class ImportJobs {
public:
    virtual ~ImportJobs() = default;

    // Takes over the upload of a job whose item is stored, and runs it some time soon; answers before it has run.
    // Whoever runs it calls imports::run_import, again if it was cut off, or imports::fail_import for a file that is no
    // catalogue.
    virtual Task<void> start(TenantId tenant, ImportId job, Upload upload) = 0;
};

} // namespace estante
