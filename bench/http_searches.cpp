// Searchers over HTTP, for measure_search_http.py: each sends a request, reads the answer, and sends the next, on a
// connection that stays open. The same client for both engines.
//   http_searches requests FOLDER INDEX FACTOR   writes FOLDER/ours and FOLDER/theirs: a request a line, the same
//                                                searches in the same order; FACTOR as of search_body
//   http_searches load PORT CLIENTS COUNT FILE TENANT   prints the times and what was answered as JSON
#include "adapters/opensearch/search_request.hpp"
#include "corpus.hpp"
#include "domain/code_points.hpp"
#include "measure.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <fstream>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace estante::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::size_t query_count = 5'000;
constexpr std::size_t longest_query = 200; // characters, of our API
constexpr std::size_t hits = 10;

std::string percent_encoded(std::string_view text)
{
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

// The adapter's body, and the books' own fields beside it, since our answers hold the books too.
std::string with_books(std::string body)
{
    constexpr std::string_view without = R"("_source":false)";
    const auto at = body.find(without);
    if (at == body.npos)
        throw std::runtime_error("the body asks for no _source");
    return body.replace(at, without.size(),
                        R"("_source":["book_id","title","contributors","description","category","subjects","language",)"
                        R"("isbn","price","rating","publication_year","in_stock","updated_ms"])");
}

void write_requests(const std::string& folder, const std::string& index, float factor)
{
    std::ofstream ours(folder + "/ours");
    std::ofstream theirs(folder + "/theirs");
    std::size_t written = 0;
    for (const auto& text : typed_queries(all_works(), query_count)) {
        if (count_code_points(text) > longest_query)
            continue;
        // It asks for one hit more, to know whether there is a next page.
        const auto body = opensearch::search_body(TenantId{"bench"}, {.text = text, .limit = hits - 1}, factor).value();
        ours << "GET\t/v1/books/search?limit=" << hits << "&q=" << percent_encoded(text) << "\t\n";
        theirs << "POST\t/" << index << "/_search?allow_partial_search_results=false\t" << with_books(body) << '\n';
        ++written;
    }
    progress("{} searches", written);
}

struct Request {
    http::verb method = http::verb::get;
    std::string target{};
    std::string body{};
};

std::vector<Request> read_requests(const std::string& file)
{
    std::ifstream in(file);
    std::vector<Request> requests;
    for (std::string line; std::getline(in, line);) {
        const auto target = line.find('\t') + 1;
        const auto body = line.find('\t', target) + 1;
        requests.push_back({line.starts_with("GET") ? http::verb::get : http::verb::post,
                            line.substr(target, body - 1 - target), line.substr(body)});
    }
    if (requests.empty())
        throw std::runtime_error(file + " has no requests");
    return requests;
}

class Load {
public:
    Load(unsigned short port, std::size_t count, const std::string& file, std::string tenant)
        : port_(port), count_(count), requests_(read_requests(file)), tenant_(std::move(tenant))
    {
    }

    void run(std::size_t clients)
    {
        const auto begin = Clock::now();
        for (std::size_t client = 0; client < clients; ++client)
            asio::co_spawn(loop_, searcher(), [](const std::exception_ptr& thrown) {
                if (thrown)
                    std::rethrow_exception(thrown);
            });
        loop_.run();
        const auto sum = std::accumulate(times_.begin(), times_.end(), 0.0);
        JsonLine()
            .put("per_s", static_cast<double>(times_.size()) / ms_since(begin) * 1000)
            .put("mean_ms", sum / static_cast<double>(times_.size()))
            .put("p50_ms", percentile(times_, 0.5))
            .put("p99_ms", percentile(times_, 0.99))
            .put("books_each", static_cast<double>(books_) / static_cast<double>(times_.size()))
            .put("bytes_each", static_cast<double>(bytes_) / static_cast<double>(times_.size()))
            .print();
    }

private:
    unsigned short port_;
    std::size_t count_;
    std::vector<Request> requests_;
    std::string tenant_;
    std::size_t next_ = 0;
    std::size_t books_ = 0;
    std::size_t bytes_ = 0;
    std::vector<double> times_;
    asio::io_context loop_{1};

    static std::size_t books_in(std::string_view answer)
    {
        constexpr std::string_view name = "\"book_id\":"; // once in each book of either answer
        std::size_t found = 0;
        for (std::size_t at = 0; (at = answer.find(name, at)) != answer.npos; at += name.size())
            ++found;
        return found;
    }

    asio::awaitable<void> searcher()
    {
        boost::beast::tcp_stream stream(loop_);
        boost::beast::flat_buffer buffer;
        co_await stream.async_connect({asio::ip::address_v4::loopback(), port_}, asio::use_awaitable);
        stream.socket().set_option(asio::ip::tcp::no_delay(true));
        while (next_ < count_) {
            const Request& chosen = requests_[next_++ % requests_.size()];
            http::request<http::string_body> request(chosen.method, chosen.target, 11, chosen.body);
            request.set(http::field::host, "127.0.0.1");
            request.set("X-Tenant-Id", tenant_);
            if (!chosen.body.empty())
                request.set(http::field::content_type, "application/json");
            request.prepare_payload();
            const auto begin = Clock::now();
            co_await http::async_write(stream, request, asio::use_awaitable);
            http::response_parser<http::string_body> answer;
            answer.body_limit(std::size_t{64} << 20);
            co_await http::async_read(stream, buffer, answer, asio::use_awaitable);
            times_.push_back(ms_since(begin));
            if (answer.get().result() != http::status::ok)
                throw std::runtime_error(chosen.target + " answers " + answer.get().body());
            books_ += books_in(answer.get().body());
            bytes_ += answer.get().body().size();
        }
    }
};

} // namespace
} // namespace estante::bench

int main(int argc, char** argv)
{
    using namespace estante::bench;
    try {
        const std::vector<std::string> arguments(argv + 1, argv + argc);
        if (arguments.size() == 4 && arguments[0] == "requests")
            write_requests(arguments[1], arguments[2], std::stof(arguments[3]));
        else if (arguments.size() == 6 && arguments[0] == "load")
            Load(static_cast<unsigned short>(std::stoul(arguments[1])), std::stoul(arguments[3]), arguments[4],
                 arguments[5])
                .run(std::stoul(arguments[2]));
        else
            return 2;
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
