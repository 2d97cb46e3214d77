#include "adapters/athena/glue_tables.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <string_view>

namespace estante::athena {

namespace {

struct Column {
    std::string_view name;
    std::string_view type;
};
using Columns = std::initializer_list<Column>;

struct Format {
    std::string_view classification;
    std::string_view input;
    std::string_view output;
    std::string_view serde;
    Map serde_parameters;
};

Format json_lines()
{
    return {.classification = "json",
            .input = "org.apache.hadoop.mapred.TextInputFormat",
            .output = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            .serde = "org.openx.data.jsonserde.JsonSerDe",
            .serde_parameters = {{"ignore.malformed.json", "true"}}}; // a damaged object does not fail a report
}

Format parquet()
{
    return {.classification = "parquet",
            .input = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
            .output = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
            .serde = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
            .serde_parameters = {}};
}

List to_list(Columns columns)
{
    List list;
    for (const Column& column : columns)
        list.emplace_back(Map{{"Name", column.name}, {"Type", column.type}});
    return list;
}

Map projection(bool by_day)
{
    Map parameters{{"EXTERNAL", "TRUE"}, {"projection.enabled", "true"}, {"projection.tenant_id.type", "injected"}};
    if (!by_day)
        return parameters;
    const auto number = [&](std::string_view name, int first, int last, int digits) {
        parameters.insert_or_assign(fmt::format("projection.{}.type", name), "integer");
        parameters.insert_or_assign(fmt::format("projection.{}.range", name), fmt::format("{},{}", first, last));
        parameters.insert_or_assign(fmt::format("projection.{}.digits", name), std::to_string(digits));
    };
    number("year", first_lake_year, last_lake_year, 4);
    number("month", 1, 12, 2);
    number("day", 1, 31, 2);
    return parameters;
}

Map table(const LakeLocation& lake, std::string_view name, Columns columns, bool by_day, Format format)
{
    Map parameters = projection(by_day);
    parameters.insert_or_assign("classification", format.classification);
    parameters.insert_or_assign("storage.location.template",
                                fmt::format("{}/${{tenant_id}}/{}/{}", lake.url, name,
                                            by_day ? "year=${year}/month=${month}/day=${day}/" : ""));
    List partitions =
        by_day ? to_list({{"tenant_id", "string"}, {"year", "string"}, {"month", "string"}, {"day", "string"}})
               : to_list({{"tenant_id", "string"}});
    return {{"Name", name},
            {"TableType", "EXTERNAL_TABLE"},
            {"Parameters", std::move(parameters)},
            {"PartitionKeys", std::move(partitions)},
            {"StorageDescriptor", Map{{"Columns", to_list(columns)},
                                      {"Location", lake.url + "/"},
                                      {"InputFormat", format.input},
                                      {"OutputFormat", format.output},
                                      {"SerdeInfo", Map{{"SerializationLibrary", format.serde},
                                                        {"Parameters", std::move(format.serde_parameters)}}}}}};
}

} // namespace

std::vector<Map> glue_tables(const LakeLocation& lake)
{
    // The original document's columns and types, and further fields of a purchase. Reports convert the doubles to
    // decimals before they add them.
    const auto json = table(lake, "purchases",
                            {{"purchase_id", "string"},
                             {"user_id", "string"},
                             {"number", "string"},
                             {"status", "string"},
                             {"total_amount", "double"},
                             {"currency", "string"},
                             {"created_at", "timestamp"},
                             {"updated_at", "timestamp"},
                             {"items", "array<struct<book_id:string,title:string,quantity:int,unit_price:double,"
                                       "subtotal:double,vat_rate:double>>"},
                             {"vat", "array<struct<rate:double,net:double,tax:double>>"},
                             {"delivery_method", "string"},
                             {"payment_method", "string"}},
                            true, json_lines());
    const auto closed_days =
        table(lake, "purchases_parquet",
              {{"purchase_id", "string"},
               {"user_id", "string"},
               {"number", "string"},
               {"status", "string"},
               {"total_amount", "decimal(18,2)"},
               {"currency", "string"},
               {"created_at", "timestamp"},
               {"updated_at", "timestamp"},
               {"items", "array<struct<book_id:string,title:string,quantity:int,unit_price:decimal(18,2),"
                         "subtotal:decimal(18,2),vat_rate:decimal(18,2)>>"},
               {"vat", "array<struct<rate:decimal(18,2),net:decimal(18,2),tax:decimal(18,2)>>"},
               {"delivery_method", "string"},
               {"payment_method", "string"}},
              true, parquet());
    const auto books = table(lake, "books",
                             {{"book_id", "string"},
                              {"title", "string"},
                              {"author", "string"},
                              {"authors", "array<string>"},
                              {"category", "string"},
                              {"isbn", "string"},
                              {"price", "decimal(18,2)"},
                              {"publication_year", "int"}},
                             false, parquet());
    return {json, closed_days, books};
}

} // namespace estante::athena
