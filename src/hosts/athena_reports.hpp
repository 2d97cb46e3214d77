// Reports on Athena, by the settings athena-…, lake and lake-database.
#pragma once

#include "hosts/settings.hpp"
#include "ports/analytics.hpp"
#include "ports/clock.hpp"
#include "ports/object_store.hpp"
#include "ports/random.hpp"

#include <memory>
#include <string>

namespace estante {

// Of Glue: the setting lake-database, else bookstore_STAGE. Throws std::runtime_error with one line when it is no name.
std::string lake_database(const Settings& settings);

// The lake is in S3. It, clock and random source outlive this. Throws std::runtime_error with one line.
std::shared_ptr<Analytics> open_athena_reports(const Settings& settings, ObjectStore& lake, Clock& clock,
                                               Random& random);

} // namespace estante
