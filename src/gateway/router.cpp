#include "gateway/router.hpp"

#include <boost/url/parse.hpp>

#include <algorithm>
#include <set>

namespace estante {

namespace {

bool is_parameter(std::string_view segment)
{
    return segment.starts_with('{');
}

std::vector<std::string_view> split(std::string_view path)
{
    std::vector<std::string_view> segments;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto slash = std::min(path.find('/'), path.size());
        segments.push_back(path.substr(0, slash));
        path.remove_prefix(slash);
    }
    return segments;
}

bool matches(const std::vector<std::string_view>& pattern, const std::vector<std::string>& segments)
{
    return std::ranges::equal(pattern, segments, [](std::string_view expected, const std::string& actual) {
        return is_parameter(expected) ? !actual.empty() : expected == actual;
    });
}

} // namespace

Router::Router(std::span<const Route> routes)
{
    for (const Route& route : routes)
        rows_.push_back({&route, split(route.path)});
    std::ranges::sort(rows_, {}, [](const Row& row) {
        return std::pair(std::ranges::count_if(row.segments, is_parameter), row.route->path);
    });
}

Router::Match Router::find(Method method, std::string_view target) const
{
    const auto url = boost::urls::parse_origin_form({target.data(), target.size()});
    if (!url)
        return Malformed{};
    std::vector<std::string> segments;
    for (const auto& segment : url->segments())
        segments.emplace_back(segment);

    std::set<std::string_view> allow;
    for (const Row& row : rows_) {
        if (!matches(row.segments, segments))
            continue;
        if (row.route->method != method && !(row.route->method == Method::get && method == Method::head)) {
            allow.insert(name_of(row.route->method));
            continue;
        }
        Found found{row.route, {}, {}};
        for (std::size_t i = 0; i < segments.size(); ++i) {
            if (is_parameter(row.segments[i]))
                found.path.emplace(std::string(row.segments[i].substr(1, row.segments[i].size() - 2)),
                                   Value(segments[i]));
        }
        for (const auto& parameter : url->params())
            found.query.insert_or_assign(std::string(parameter.key), Value(std::string(parameter.value)));
        return found;
    }
    if (allow.empty())
        return NotFound{};
    if (allow.contains("GET"))
        allow.insert("HEAD");
    allow.insert("OPTIONS");
    std::string names;
    for (const auto name : allow)
        (names += names.empty() ? "" : ", ") += name;
    return OtherMethods{std::move(names)};
}

} // namespace estante
