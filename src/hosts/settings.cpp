#include "hosts/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace estante {

const std::vector<SettingRow>& setting_rows()
{
    static const std::vector<SettingRow> rows = {
        {"data", "estante-data", "folder of the database, the keys and the lock"},
        {"listen", "127.0.0.1:8080", "address and port of the API"},
        {"admin-listen", "127.0.0.1:8081", "address and port of /healthz and /readyz for operators; 'off' for none"},
        {"loops", "0", "event loops; 0 is one for each core"},
        {"domain", "", "shops are also found by host name, as {tenant}.DOMAIN"},
        {"signing-keys", "", "kid:secret,kid:secret …; the first signs, all verify; default: made in the data folder",
         true},
        {"max-upload-mb", "512", "largest catalogue that can be imported over HTTP"},
        {"password-threads", "2", "threads that hash passwords"},
        {"store", "sqlite", "where the items are: sqlite (in the data folder) or dynamodb"},
        {"stage", "dev", "which tables of DynamoDB: bookstore-users-STAGE, -books-, -purchases-"},
        {"aws-region", "", "of DynamoDB; default: AWS_REGION or AWS_DEFAULT_REGION"},
        {"aws-connections", "50", "connections to AWS's services at most"},
        {"aws-tenant-role", "", "ARN of the role that is assumed for each shop, tagged TenantId; default: one for all"},
        {"dynamodb-endpoint", "", "instead of AWS's own (or AWS_ENDPOINT_URL), for instance http://127.0.0.1:8000"},
        {"sts-endpoint", "", "instead of AWS's own"},
        {"search", "embedded", "where searches are answered: embedded (in this process) or opensearch"},
        {"search-memory-mb", "256", "what embedded indexes may take; then shops that nobody searches leave memory"},
        {"opensearch-endpoint", "", "of OpenSearch or Elasticsearch, for instance http://127.0.0.1:9200"},
        {"opensearch-endpoints", "", "shops with a server of their own: shop=URL,shop=URL …"},
        {"opensearch-authorization", "",
         "aws: requests are signed for Amazon OpenSearch Service; else the header, as 'Basic …' or 'ApiKey …'", true},
        {"opensearch-prefix", "books_",
         "of the names of indexes, before the shop; other stages on the same server need another"},
        {"opensearch-replicas", "0", "copies of each index beside the first, 0 to 10"},
        {"lake", "",
         "the data lake: a folder, or s3://BUCKET or s3://BUCKET/PREFIX; default: 'lake' in the data folder"},
        {"s3-endpoint", "", "instead of AWS's own, for instance http://127.0.0.1:7070"},
        {"s3-addressing", "auto", "path: ENDPOINT/BUCKET; host: BUCKET.ENDPOINT; auto: host at AWS, path elsewhere"},
        {"lake-database", "", "of the lake's tables in Glue; default: bookstore_STAGE"},
        {"glue-endpoint", "", "instead of AWS's own"},
        {"athena-endpoint", "", "instead of AWS's own"},
        {"athena-workgroup", "primary", "that reports run in, with its limits and costs"},
        {"athena-output", "", "where results are put, as s3://BUCKET/PREFIX/; default: the workgroup's own place"},
        {"athena-within-s", "60", "seconds after which a report is stopped, 1 to 1800"},
        {"reports", "duckdb",
         "what answers them over the lake: duckdb (in this process) or athena (the lake is in S3)"},
        {"analytics-memory-mb", "512", "that reports on the lake may use; what does not fit goes to files"},
        {"analytics-threads", "2", "of one report on the lake, at the lowest priority; 1 to 256"},
        {"live-connections", "1000", "that follow live sales at once, of all shops; 1 to 100000"},
        {"live-connections-of-shop", "50", "that follow live sales at once, of one shop; 1 to 10000"},
        {"business-metrics", "off",
         "registrations, purchases and searches of each shop, as metrics: cloudwatch or off"},
        {"cloudwatch-endpoint", "", "instead of AWS's own"},
        {"lake-maintenance-interval-ms", "60000", "between rounds that close days, sum months and export catalogues"},
        {"counter-flush-interval-ms", "5000",
         "between writes of counted searches and metrics; what a killed process loses of them"},
        {"search-save-interval-ms", "2000", "between saves of the embedded index; what a killed process reads again"},
        {"search-fill-interval-ms", "10000", "between attempts to fill an index in OpenSearch that could not be"},
        {"store-sweep-interval-ms", "1000", "between removals of expired items and old changes from SQLite"},
        {"stream-poll-interval-ms", "500", "between looks into the change stream of DynamoDB"},
        {"stream-retry-interval-ms", "250", "until a batch of changes that failed comes again"},
        {"cache-expiry-interval-ms", "5000", "with DynamoDB: after which a server sees what another one has changed"},
        {"log-level", "info", "trace, debug, info, warn, error or off"},
    };
    return rows;
}

std::string environment_name(std::string_view setting)
{
    std::string name = "ESTANTE_";
    for (const char c : setting)
        name += c == '-' ? '_' : static_cast<char>(c & ~0x20);
    return name;
}

namespace {

std::string known_names()
{
    std::vector<std::string_view> names;
    for (const SettingRow& row : setting_rows())
        names.push_back(row.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

std::map<std::string, std::string> read_file(const std::string& path)
{
    std::map<std::string, std::string> values;
    toml::table table;
    try {
        table = toml::parse_file(path);
    } catch (const toml::parse_error& error) {
        throw std::runtime_error(fmt::format("{}, line {}: {}", path, error.source().begin.line, error.description()));
    }
    for (const auto& [key, node] : table) {
        const std::string name(key.str());
        if (std::ranges::find(setting_rows(), name, &SettingRow::name) == setting_rows().end())
            throw std::runtime_error(fmt::format("{}, line {}: '{}' is no setting; there are: {}", path,
                                                 node.source().begin.line, name, known_names()));
        if (const auto text = node.value<std::string>())
            values[name] = *text;
        else if (const auto number = node.value<std::int64_t>())
            values[name] = std::to_string(*number);
        else
            throw std::runtime_error(fmt::format("{}, line {}: '{}' must be a string or a whole number", path,
                                                 node.source().begin.line, name));
    }
    return values;
}

} // namespace

Settings::Settings(const std::map<std::string, std::string>& flags, const std::string& file)
{
    const auto in_file = file.empty() ? std::map<std::string, std::string>() : read_file(file);
    for (const SettingRow& row : setting_rows()) {
        const std::string name(row.name);
        const auto variable = environment_name(name);
        if (const auto flag = flags.find(name); flag != flags.end())
            entries_[name] = {flag->second, "flag --" + name};
        else if (const char* value = std::getenv(variable.c_str())) // NOLINT(concurrency-mt-unsafe): before any thread
            entries_[name] = {value, "environment " + variable};
        else if (const auto found = in_file.find(name); found != in_file.end())
            entries_[name] = {found->second, file};
        else
            entries_[name] = {std::string(row.fallback), "default"};
    }
}

const Settings::Entry& Settings::entry(std::string_view name) const
{
    const auto found = entries_.find(name);
    if (found == entries_.end())
        throw std::logic_error(fmt::format("no setting {}", name));
    return found->second;
}

const std::string& Settings::text(std::string_view name) const
{
    return entry(name).value;
}

long Settings::whole(std::string_view name, long min, long max) const
{
    const Entry& found = entry(name);
    long value = 0;
    const auto end = found.value.data() + found.value.size();
    const auto [rest, error] = std::from_chars(found.value.data(), end, value);
    if (error != std::errc{} || rest != end || value < min || value > max)
        throw std::runtime_error(fmt::format("{} ({}) must be a whole number from {} to {}, is '{}'", name,
                                             found.source, min, max, found.value));
    return value;
}

} // namespace estante
