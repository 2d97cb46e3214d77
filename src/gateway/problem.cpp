#include "gateway/problem.hpp"

#include "codec/described.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

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

const Row& row_of(Errc code)
{
    return *std::ranges::find(rows, code, &Row::code);
}

const std::string& in(Language language, const Phrase& phrase)
{
    return language == Language::es ? phrase.es : phrase.en;
}

void member(std::string& out, std::string_view name, std::string_view text)
{
    json::write_string(out += out.ends_with('{') ? "" : ",", name);
    json::write_string(out += ':', text);
}

void write_faults(std::string& out, const std::vector<Fault>& faults, Language language)
{
    out += ",\"errors\":[";
    for (const Fault& fault : faults) {
        out += out.back() == '[' ? "{" : ",{";
        member(out, "pointer", fault.pointer);
        member(out, "code", fault.code);
        member(out, "reason", in(language, fault.reason));
        out += '}';
    }
    out += ']';
}

void write_lines(std::string& out, const std::vector<RefusedLine>& lines)
{
    out += ",\"lines\":[";
    for (const RefusedLine& line : lines) {
        out += out.back() == '[' ? "{" : ",{";
        member(out, "book_id", line.book_id);
        member(out, "title", line.title);
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
    return row_of(code).name;
}

Language asked_language(std::string_view accept_language)
{
    double best = 0;
    Language language = Language::es;
    while (!accept_language.empty()) {
        const auto comma = std::min(accept_language.find(','), accept_language.size());
        auto range = accept_language.substr(0, comma);
        accept_language.remove_prefix(std::min(comma + 1, accept_language.size()));
        range.remove_prefix(std::min(range.find_first_not_of(' '), range.size()));
        double quality = 1;
        if (const auto at = range.find(";q="); at != range.npos)
            std::from_chars(range.data() + at + 3, range.data() + range.size(), quality);
        const auto tag = range.substr(0, 2);
        const bool ends =
            range.size() == 2 || (range.size() > 2 && (range[2] == '-' || range[2] == ';' || range[2] == ' '));
        if (!ends || (tag != "es" && tag != "en") || quality <= best)
            continue;
        best = quality;
        language = tag == "es" ? Language::es : Language::en;
    }
    return language;
}

HttpAnswer problem(const Error& error, Language language, std::string_view trace_id)
{
    const Row& row = row_of(error.code);
    HttpAnswer answer;
    answer.status = row.status;
    answer.content_type = "application/problem+json";
    std::string& out = answer.body;
    out += '{';
    member(out, "type", fmt::format("urn:estante:problem:{}", row.name));
    member(out, "title", error.title.empty() ? in(language, row.title) : error.title);
    out += fmt::format(R"(,"status":{})", row.status);
    member(out, "detail", in(language, error.detail));
    member(out, "code", row.name);
    if (!error.faults.empty())
        write_faults(out, error.faults, language);
    if (!error.lines.empty())
        write_lines(out, error.lines);
    member(out, "trace_id", trace_id);
    out += '}';
    answer.headers.emplace_back("Content-Language", language == Language::es ? "es" : "en");
    answer.headers.emplace_back("Cache-Control", "no-store");
    if (error.retry_after_s > 0)
        answer.headers.emplace_back("Retry-After", std::to_string(error.retry_after_s));
    if (error.code == Errc::unauthenticated)
        answer.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answer;
}

} // namespace estante
