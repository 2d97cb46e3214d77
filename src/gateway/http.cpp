#include "gateway/http.hpp"

#include <algorithm>

namespace estante {

namespace {

constexpr std::pair<Method, std::string_view> methods[] = {
    {Method::get, "GET"},     {Method::head, "HEAD"},      {Method::post, "POST"},       {Method::put, "PUT"},
    {Method::patch, "PATCH"}, {Method::delete_, "DELETE"}, {Method::options, "OPTIONS"},
};

} // namespace

std::string_view name_of(Method method)
{
    const auto found = std::ranges::find(methods, method, &std::pair<Method, std::string_view>::first);
    return found == std::end(methods) ? "OTHER" : found->second;
}

Method method_from(std::string_view name)
{
    const auto found = std::ranges::find(methods, name, &std::pair<Method, std::string_view>::second);
    return found == std::end(methods) ? Method::other : found->first;
}

} // namespace estante
