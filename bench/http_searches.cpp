// Search load over HTTP, for measure_search_http.py: each client sends a request, reads the response and sends the next
// on a keep-alive connection. Both engines are measured with this client.
//   http_searches requests FOLDER INDEX FACTOR   writes FOLDER/ours and FOLDER/theirs: one request per line, the
//                                                same searches in the same order; FACTOR as in search_body
//   http_searches load PORT CLIENTS FIRST COUNT FILE TENANT    sends COUNT requests of FILE from number FIRST on,
//                                                              prints the latencies as JSON
//   http_searches check PORT CLIENTS FIRST COUNT FILE TENANT   the same, and counts the books in the responses
#include "adapters/opensearch/search_request.hpp"
#include "corpus.hpp"
#include "domain/code_points.hpp"
#include "measure.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace estante::bench {
namespace {

namespace asio = boost::asio;

constexpr std::size_t query_count = 15'000;
constexpr std::size_t max_query_length = 200; // characters, the limit of our API
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

// Adds the fields of the books to the adapter's request, since our responses include the books.
std::string with_books(std::string body)
{
    constexpr std::string_view without = R"("_source":false)";
    const auto at = body.find(without);
    if (at == body.npos)
        throw std::runtime_error("the body does not set _source");
    return body.replace(at, without.size(),
                        R"("_source":["book_id","title","contributors","description","category","subjects","language",)"
                        R"("isbn","price","rating","publication_year","in_stock","updated_ms"])");
}

void write_requests(const std::string& folder, const std::string& index, float factor)
{
    std::ofstream ours(folder + "/ours");
    std::ofstream theirs(folder + "/theirs");
    const analysis::TitleCollation collation;
    std::size_t written = 0;
    for (const auto& text : make_query_texts(load_works(), query_count)) {
        if (count_code_points(text) > max_query_length)
            continue;
        // The adapter requests one more hit, to detect a next page.
        const SearchQuery query{.text = text, .limit = hits - 1};
        const auto body = opensearch::search_body(TenantId{"bench"}, query, factor, collation).value();
        ours << "GET\t/v1/books/search?limit=" << hits << "&q=" << percent_encoded(text) << "\t\n";
        theirs << "POST\t/" << index << "/_search?allow_partial_search_results=false\t" << with_books(body) << '\n';
        ++written;
    }
    progress("{} searches", written);
}

// Complete HTTP requests.
std::vector<std::string> read_requests(const std::string& file, const std::string& tenant)
{
    std::ifstream in(file);
    std::vector<std::string> requests;
    for (std::string line; std::getline(in, line);) {
        const auto target = line.find('\t') + 1;
        const auto body = line.find('\t', target) + 1;
        auto head = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Tenant-Id: {}\r\n", line.substr(0, target - 1),
                                line.substr(target, body - 1 - target), tenant);
        if (body < line.size())
            head += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", line.size() - body);
        requests.push_back(head + "\r\n" + line.substr(body));
    }
    if (requests.empty())
        throw std::runtime_error(file + " has no requests");
    return requests;
}

// A response. The clients share the CPU with the engine that they measure, so they parse no more than its length.
class Response {
public:
    asio::awaitable<void> read(asio::ip::tcp::socket& socket)
    {
        size_ = 0;
        for (std::size_t expected = 0; expected == 0 || size_ < expected;) {
            if (size_ == bytes_.size() || expected > bytes_.size())
                bytes_.resize(std::max(2 * bytes_.size(), expected));
            size_ += co_await socket.async_read_some(asio::buffer(bytes_.data() + size_, bytes_.size() - size_),
                                                     asio::use_awaitable);
            if (expected == 0)
                expected = message_size();
        }
        if (!text().starts_with("HTTP/1.1 200 "))
            throw std::runtime_error("the response is " + std::string(text()));
    }

    std::size_t size() const { return size_; }
    std::size_t books() const
    {
        constexpr std::string_view name = "\"book_id\":"; // once per book in the responses of both engines
        std::size_t found = 0;
        for (std::size_t at = 0; (at = text().find(name, at)) != std::string_view::npos; at += name.size())
            ++found;
        return found;
    }

private:
    std::string bytes_ = std::string(std::size_t{64} << 10, '\0');
    std::size_t size_ = 0;

    std::string_view text() const { return std::string_view(bytes_).substr(0, size_); }
    // 0: the head is incomplete.
    std::size_t message_size() const
    {
        constexpr std::string_view name = "content-length: ";
        const auto end = text().find("\r\n\r\n");
        if (end == std::string_view::npos)
            return 0;
        const auto head = text().substr(0, end);
        const auto length = std::ranges::search(head, name, [](char left, char right) {
            return (left >= 'A' && left <= 'Z' ? left + ('a' - 'A') : left) == right;
        });
        if (length.empty())
            throw std::runtime_error("a response without a length: " + std::string(head));
        return end + 4 + std::stoul(std::string(length.end(), head.end()));
    }
};

class Load {
public:
    // Sends `count` requests from number `first` on; starts over at the end of the file.
    Load(unsigned short port, std::vector<std::string> requests, std::size_t first, std::size_t count)
        : port_(port), requests_(std::move(requests)), next_(first), end_(first + count)
    {
    }

    void run(std::size_t clients, bool count_books)
    {
        const auto begin = Clock::now();
        for (std::size_t client = 0; client < clients; ++client)
            asio::co_spawn(loop_, run_client(count_books), [](const std::exception_ptr& thrown) {
                if (thrown)
                    std::rethrow_exception(thrown);
            });
        loop_.run();
        const auto mean = [this](double sum) { return sum / static_cast<double>(times_.size()); };
        JsonLine()
            .put("per_s", static_cast<double>(times_.size()) / ms_since(begin) * 1000)
            .put("mean_ms", mean(std::accumulate(times_.begin(), times_.end(), 0.0)))
            .put("p50_ms", percentile(times_, 0.5))
            .put("p99_ms", percentile(times_, 0.99))
            .put("books_each", mean(static_cast<double>(books_)))
            .put("bytes_each", mean(static_cast<double>(bytes_)))
            .print();
    }

private:
    unsigned short port_;
    std::vector<std::string> requests_;
    std::size_t next_;
    std::size_t end_;
    std::size_t books_ = 0;
    std::size_t bytes_ = 0;
    std::vector<double> times_;
    asio::io_context loop_{1};

    asio::awaitable<void> run_client(bool count_books)
    {
        asio::ip::tcp::socket socket(loop_);
        co_await socket.async_connect({asio::ip::address_v4::loopback(), port_}, asio::use_awaitable);
        socket.set_option(asio::ip::tcp::no_delay(true));
        Response response;
        while (next_ < end_) {
            const std::string& request = requests_[next_++ % requests_.size()];
            const auto begin = Clock::now();
            co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
            co_await response.read(socket);
            times_.push_back(ms_since(begin));
            bytes_ += response.size();
            books_ += count_books ? response.books() : 0;
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
        else if (arguments.size() == 7 && (arguments[0] == "load" || arguments[0] == "check"))
            Load(static_cast<unsigned short>(std::stoul(arguments[1])), read_requests(arguments[5], arguments[6]),
                 std::stoul(arguments[3]), std::stoul(arguments[4]))
                .run(std::stoul(arguments[2]), arguments[0] == "check");
        else
            return 2;
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
