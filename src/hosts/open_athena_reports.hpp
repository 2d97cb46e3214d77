// Opens reports on Athena.
#pragma once

#include "hosts/settings.hpp"
#include "hosts/shared_aws.hpp"
#include "ports/analytics.hpp"
#include "ports/object_store.hpp"
#include "ports/random.hpp"

#include <memory>

namespace estante {

// By the settings athena-…, lake and lake-database; the lake is in S3. Lake, AWS context and random source outlive it.
// Throws std::runtime_error with one line.
std::unique_ptr<Analytics> open_athena_reports(const Settings& settings, ObjectStore& lake, SharedAws& aws,
                                               Random& random);

} // namespace estante
