// Checkout load over HTTP, for measure_checkout_http.py: each client repeatedly adds three books to the cart and checks
// out. Usage: http_checkouts PORT CLIENTS CHECKOUTS FILE; the file has one line per client's token, then "-", then one
// line per book id. Prints checkouts/s and the latency of the checkout request, p50 and p99 in milliseconds, as JSON.
#include "measure.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace estante::bench {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

class Load {
public:
    Load(unsigned short port, std::size_t checkouts, const std::string& file) : port_(port), left_(checkouts)
    {
        std::ifstream in(file);
        for (std::string line; std::getline(in, line) && line != "-";)
            tokens_.push_back(line);
        for (std::string line; std::getline(in, line);)
            books_.push_back(line);
    }

    void run(std::size_t clients)
    {
        const auto total = left_;
        const auto begin = Clock::now();
        for (std::size_t i = 0; i < clients; ++i)
            asio::co_spawn(loop_, client(tokens_.at(i), i * 31), [](std::exception_ptr thrown) {
                if (thrown)
                    std::rethrow_exception(thrown);
            });
        loop_.run();
        JsonLine line;
        line.put("per_s", static_cast<double>(total) / ms_since(begin) * 1000)
            .put("p50_ms", percentile(times_, 0.5))
            .put("p99_ms", percentile(times_, 0.99));
        line.print();
    }

private:
    unsigned short port_;
    std::size_t left_;
    std::vector<std::string> tokens_;
    std::vector<std::string> books_;
    std::vector<double> times_;
    asio::io_context loop_{1};

    asio::awaitable<void> post(boost::beast::tcp_stream& stream, boost::beast::flat_buffer& buffer,
                               const std::string& token, const char* target, std::string body, http::status expected)
    {
        http::request<http::string_body> request(http::verb::post, target, 11, std::move(body));
        request.set(http::field::host, "127.0.0.1");
        request.set(http::field::authorization, "Bearer " + token);
        request.set(http::field::content_type, "application/json");
        request.prepare_payload();
        co_await http::async_write(stream, request, asio::use_awaitable);
        http::response<http::string_body> response;
        co_await http::async_read(stream, buffer, response, asio::use_awaitable);
        if (response.result() != expected)
            throw std::runtime_error(std::string(target) + " returned " + response.body());
    }

    asio::awaitable<void> client(std::string token, std::size_t at)
    {
        boost::beast::tcp_stream stream(loop_);
        boost::beast::flat_buffer buffer;
        co_await stream.async_connect({asio::ip::address_v4::loopback(), port_}, asio::use_awaitable);
        stream.socket().set_option(asio::ip::tcp::no_delay(true));
        while (left_ > 0) {
            --left_;
            for (int line = 0; line < 3; ++line)
                co_await post(stream, buffer, token, "/v1/cart/items",
                              R"({"book_id":")" + books_[(at += 7919) % books_.size()] + "\"}", http::status::ok);
            const auto begin = Clock::now();
            co_await post(stream, buffer, token, "/v1/purchases", "{}", http::status::created);
            times_.push_back(ms_since(begin));
        }
    }
};

} // namespace
} // namespace estante::bench

int main(int argc, char** argv)
{
    if (argc != 5)
        return 2;
    estante::bench::Load load(static_cast<unsigned short>(std::atoi(argv[1])), std::strtoul(argv[3], nullptr, 10),
                              argv[4]);
    load.run(std::strtoul(argv[2], nullptr, 10));
}
