// Sales reports of a tenant on Amazon Athena, over the tables of glue_tables.hpp.
//
// A report is one query: started with its parameters, polled with increasing delays, and read in pages. A query that
// exceeds its timeout, or whose caller is cancelled, is stopped. Days that closed_days.json in the tenant's lake lists
// when the query begins are read from Parquet, other days from the JSON of the change stream.
#pragma once

#include "adapters/aws/client.hpp"
#include "ports/analytics.hpp"
#include "ports/object_store.hpp"
#include "ports/random.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace estante {

struct AthenaOptions {
    std::string region{};
    std::string endpoint{};                 // empty: the public one of the region
    std::string database = "bookstore_dev"; // of Glue
    std::string workgroup = "primary";
    std::string output{}; // s3://BUCKET/PREFIX/ for results; empty: the workgroup's
    std::chrono::milliseconds query_timeout{60'000};
    std::chrono::milliseconds min_poll_delay{100};   // each delay is 1.5 times the one before …
    std::chrono::milliseconds max_poll_delay{2'000}; // … up to this
    // Gets a log line when a query fails. Any thread.
    std::function<void(const std::string& line)> report = [](const std::string&) {};
};

// Client, lake and random source outlive the analytics.
std::unique_ptr<Analytics> create_athena_analytics(aws::Client& client,
                                                   std::shared_ptr<aws::CredentialsProvider> credentials,
                                                   ObjectStore& lake, Random& random, AthenaOptions options);

} // namespace estante
