// The questions about a shop's purchases on Amazon Athena, over the tables of glue_tables.hpp.
//
// A question is one query: started with its parameters, asked after with growing pauses, read in pages. One that takes
// longer than the deadline, or whose caller is cancelled, is stopped. Closed days are read from Parquet, as the shop's
// closed_days.json in the lake says when the query begins, others from the stream's JSON.
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
    std::string endpoint{};                 // empty: AWS's own of the region
    std::string database = "bookstore_dev"; // of Glue
    std::string workgroup = "primary";
    std::string output{};                       // s3://BUCKET/PREFIX/ for results; empty: the workgroup's own
    std::chrono::milliseconds within{60'000};   // of one question
    std::chrono::milliseconds first_pause{100}; // before the query is asked after, then half as long again each time …
    std::chrono::milliseconds longest_pause{2'000};                                  // … up to this
    std::function<void(const std::string& line)> report = [](const std::string&) {}; // why a query failed; any thread
};

// The client, lake and random source outlive it.
std::unique_ptr<Analytics> create_athena_analytics(aws::Client& client, std::shared_ptr<aws::Credentials> credentials,
                                                   ObjectStore& lake, Random& random, AthenaOptions options);

} // namespace estante
