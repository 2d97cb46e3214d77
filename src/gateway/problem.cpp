#include "gateway/problem.hpp"

#include "codec/described.hpp"
#include "gateway/preferences.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante {

namespace {

struct Row {
    Errc code;
    int status;
    std::string_view name;
    Phrase title;
};

const Row rows[] = {
    {Errc::invalid, 400, "invalid", {"Petición no válida", "Invalid request"}},
    {Errc::unauthenticated, 401, "unauthenticated", {"Token inválido", "Invalid token"}},
    {Errc::forbidden, 403, "forbidden", {"No permitido", "Forbidden"}},
    {Errc::not_found, 404, "not_found", {"No encontrado", "Not found"}},
    {Errc::method_not_allowed, 405, "method_not_allowed", {"Método no permitido", "Method not allowed"}},
    {Errc::not_acceptable, 406, "not_acceptable", {"Formato no disponible", "Not acceptable"}},
    {Errc::conflict, 409, "conflict", {"Conflicto", "Conflict"}},
    {Errc::already_exists, 409, "already_exists", {"Ya existe", "Already exists"}},
    {Errc::price_changed, 409, "price_changed", {"El precio ha cambiado", "The price has changed"}},
    {Errc::out_of_stock, 409, "out_of_stock", {"Sin existencias", "Out of stock"}},
    {Errc::cart_empty, 409, "cart_empty", {"El carrito está vacío", "The cart is empty"}},
    {Errc::version_mismatch, 412, "version_mismatch", {"La versión no coincide", "Version mismatch"}},
    {Errc::too_large, 413, "too_large", {"Demasiado grande", "Too large"}},
    {Errc::unsupported_media_type,
     415,
     "unsupported_media_type",
     {"Tipo de contenido no admitido", "Unsupported media type"}},
    {Errc::idempotency_mismatch,
     422,
     "idempotency_mismatch",
     {"Clave de idempotencia ya usada", "Idempotency key already used"}},
    {Errc::precondition_required, 428, "precondition_required", {"Falta If-Match", "If-Match is required"}},
    {Errc::rate_limited, 429, "rate_limited", {"Demasiadas peticiones", "Too many requests"}},
    {Errc::unavailable, 503, "unavailable", {"No disponible ahora", "Unavailable for now"}},
    {Errc::internal, 500, "internal", {"Error interno", "Internal error"}},
};

const Row& row_for(Errc code)
{
    return *std::ranges::find(rows, code, &Row::code);
}

const std::string& translation(const Phrase& phrase, Language language)
{
    return language == Language::es ? phrase.es : phrase.en;
}

void write_member(std::string& out, std::string_view name, std::string_view text)
{
    json::write_string(out += out.ends_with('{') ? "" : ",", name);
    json::write_string(out += ':', text);
}

void write_faults(std::string& out, const std::vector<Fault>& faults, Language language)
{
    out += ",\"errors\":[";
    for (const Fault& fault : faults) {
        out += out.back() == '[' ? "{" : ",{";
        write_member(out, "pointer", fault.pointer);
        write_member(out, "code", fault.code);
        write_member(out, "reason", translation(fault.reason, language));
        out += '}';
    }
    out += ']';
}

void write_lines(std::string& out, const std::vector<RefusedLine>& lines)
{
    out += ",\"lines\":[";
    for (const RefusedLine& line : lines) {
        out += out.back() == '[' ? "{" : ",{";
        write_member(out, "book_id", line.book_id);
        write_member(out, "title", line.title);
        out += fmt::format(R"(,"quantity":{},"unit_price":{})", line.quantity, to_string(Money{line.unit_price_cents}));
        if (line.current_price_cents)
            out += fmt::format(R"(,"current_price":{})", to_string(Money{*line.current_price_cents}));
        out += '}';
    }
    out += ']';
}

} // namespace

std::string_view name_of(Errc code)
{
    return row_for(code).name;
}

Language preferred_language(std::string_view accept_language)
{
    double best = 0;
    Language language = Language::es;
    each_preference(accept_language, [&](std::string_view tag, double quality) {
        const auto primary = tag.substr(0, tag.find('-'));
        if ((primary == "es" || primary == "en") && quality > best) {
            best = quality;
            language = primary == "es" ? Language::es : Language::en;
        }
        return true;
    });
    return language;
}

HttpResponse problem(const Error& error, Language language, std::string_view trace_id)
{
    const Row& row = row_for(error.code);
    HttpResponse response;
    response.status = row.status;
    response.content_type = "application/problem+json";
    std::string& out = response.body;
    out += '{';
    write_member(out, "type", fmt::format("urn:estante:problem:{}", row.name));
    write_member(out, "title", error.title.empty() ? translation(row.title, language) : error.title);
    out += fmt::format(R"(,"status":{})", row.status);
    write_member(out, "detail", translation(error.detail, language));
    write_member(out, "code", row.name);
    if (!error.faults.empty())
        write_faults(out, error.faults, language);
    if (!error.lines.empty())
        write_lines(out, error.lines);
    write_member(out, "trace_id", trace_id);
    out += '}';
    response.headers.emplace_back("Content-Language", language == Language::es ? "es" : "en");
    response.headers.emplace_back("Cache-Control", "no-store");
    if (error.retry_after_s > 0)
        response.headers.emplace_back("Retry-After", std::to_string(error.retry_after_s));
    if (error.code == Errc::unauthenticated)
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

} // namespace estante
