// Strong reads of one item through the store on DynamoDB, for measure_dynamodb_client.py.
// Usage: dynamodb_load ENDPOINT STAGE IN_FLIGHT READS. Prints reads/s and the CPU microseconds per read as JSON.
#include "adapters/aws/providers.hpp"
#include "adapters/dynamodb/dynamodb_store.hpp"
#include "adapters/system/system.hpp"
#include "measure.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <stdexcept>
#include <sys/resource.h>

namespace {

double cpu_us()
{
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

} // namespace

int main(int argc, char** argv)
{
    using namespace estante;
    if (argc != 5)
        return 2;
    const auto clock = create_system_clock();
    const auto random = create_system_random();
    PartitionVersions partition_versions;
    aws::Client client(*clock, *random);
    const auto store =
        create_dynamodb_store(client, aws::static_credentials({.id = "test", .secret = "test"}), *clock, *random,
                              partition_versions, {.stage = argv[2], .region = "eu-central-1", .endpoint = argv[1]});
    const auto in_flight = std::strtoul(argv[3], nullptr, 10);
    const auto reads = std::strtoul(argv[4], nullptr, 10);
    std::size_t left = reads;
    const auto reader = [&]() -> Task<void> {
        while (left > 0) {
            --left;
            const auto item = co_await store->items().get(Table::books, {"shop#book", "BOOK#-"});
            if (!item || !*item)
                throw std::runtime_error("the item cannot be read");
        }
    };
    boost::asio::io_context loop{1};
    const auto cpu = cpu_us();
    const auto begin = bench::Clock::now();
    for (std::size_t i = 0; i < in_flight; ++i)
        boost::asio::co_spawn(loop, reader(), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
    loop.run();
    bench::JsonLine line;
    line.put("per_s", static_cast<double>(reads) / bench::ms_since(begin) * 1000)
        .put("cpu_us", (cpu_us() - cpu) / static_cast<double>(reads));
    line.print();
}
