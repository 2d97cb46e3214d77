#include "adapters/s3/bucket_setup.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <array>
#include <optional>

namespace estante::s3 {

namespace {

constexpr std::string_view xmlns = "http://s3.amazonaws.com/doc/2006-03-01/";
constexpr int infrequent_days = 30;
constexpr int glacier_days = 90;
constexpr int abandoned_upload_days = 1;

// One configuration of the bucket.
struct BucketSetting {
    std::string_view query; // "?lifecycle"
    std::string_view absent_error;
    std::string_view description;
    std::string (*make_document)();
    bool (*is_as_described)(const pugi::xml_document& found);
};

std::string lifecycle_document()
{
    return fmt::format(
        R"(<LifecycleConfiguration xmlns="{}"><Rule><ID>raw-purchases-age</ID><Status>Enabled</Status>)"
        "<Filter><Tag><Key>{}</Key><Value>{}</Value></Tag></Filter>"
        "<Transition><Days>{}</Days><StorageClass>STANDARD_IA</StorageClass></Transition>"
        "<Transition><Days>{}</Days><StorageClass>GLACIER</StorageClass></Transition></Rule>"
        "<Rule><ID>abandoned-uploads-end</ID><Status>Enabled</Status><Filter><Prefix></Prefix></Filter>"
        "<AbortIncompleteMultipartUpload><DaysAfterInitiation>{}</DaysAfterInitiation></AbortIncompleteMultipartUpload>"
        "</Rule></LifecycleConfiguration>",
        xmlns, raw_tag.key, raw_tag.value, infrequent_days, glacier_days, abandoned_upload_days);
}

std::string_view text_in(const pugi::xml_node& node, const char* name)
{
    return node.child(name).text().as_string();
}

bool is_transition_rule(const pugi::xml_node& rule)
{
    int infrequent = 0;
    int glacier = 0;
    for (const auto& transition : rule.children("Transition")) {
        const auto storage_class = text_in(transition, "StorageClass");
        const int days = transition.child("Days").text().as_int();
        infrequent = storage_class == "STANDARD_IA" ? days : infrequent;
        glacier = storage_class == "GLACIER" ? days : glacier;
    }
    const auto tag = rule.child("Filter").child("Tag");
    return infrequent == infrequent_days && glacier == glacier_days && text_in(tag, "Key") == raw_tag.key &&
           text_in(tag, "Value") == raw_tag.value;
}

// Only our rules: any other rule that moves or removes objects is a difference.
bool has_lifecycle(const pugi::xml_document& found)
{
    int transition_rules = 0;
    int abort_rules = 0;
    for (const auto& rule : found.child("LifecycleConfiguration").children("Rule")) {
        if (text_in(rule, "Status") != "Enabled")
            continue;
        if (is_transition_rule(rule) && !rule.child("Expiration"))
            ++transition_rules;
        else if (rule.child("AbortIncompleteMultipartUpload") && !rule.child("Transition") && !rule.child("Expiration"))
            ++abort_rules;
        else
            return false;
    }
    return transition_rules == 1 && abort_rules == 1;
}

std::string encryption_document()
{
    return fmt::format(R"(<ServerSideEncryptionConfiguration xmlns="{}"><Rule><ApplyServerSideEncryptionByDefault>)"
                       "<SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>"
                       "</ServerSideEncryptionConfiguration>",
                       xmlns);
}

// AES256, or KMS with a key that the operator has chosen.
bool is_encrypted(const pugi::xml_document& found)
{
    const auto rule = found.child("ServerSideEncryptionConfiguration").child("Rule");
    return !text_in(rule.child("ApplyServerSideEncryptionByDefault"), "SSEAlgorithm").empty();
}

constexpr std::array<const char*, 4> public_access_switches{"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy",
                                                            "RestrictPublicBuckets"};

std::string public_access_document()
{
    std::string elements;
    for (const auto* name : public_access_switches)
        elements += fmt::format("<{0}>true</{0}>", name);
    return fmt::format(R"(<PublicAccessBlockConfiguration xmlns="{}">{}</PublicAccessBlockConfiguration>)", xmlns,
                       elements);
}

bool is_private(const pugi::xml_document& found)
{
    const auto block = found.child("PublicAccessBlockConfiguration");
    return std::ranges::all_of(public_access_switches,
                               [&](const char* name) { return block.child(name).text().as_bool(); });
}

constexpr std::array<BucketSetting, 3> settings{{
    {.query = "publicAccessBlock",
     .absent_error = "NoSuchPublicAccessBlockConfiguration",
     .description = "all public access blocked",
     .make_document = public_access_document,
     .is_as_described = is_private},
    {.query = "encryption",
     .absent_error = "ServerSideEncryptionConfigurationNotFoundError",
     .description = "objects encrypted by default",
     .make_document = encryption_document,
     .is_as_described = is_encrypted},
    {.query = "lifecycle",
     .absent_error = "NoSuchLifecycleConfiguration",
     .description = "objects tagged class=raw in STANDARD_IA after 30 days and GLACIER after 90, abandoned uploads "
                    "aborted after 1",
     .make_document = lifecycle_document,
     .is_as_described = has_lifecycle},
}};

bool is_unsupported(const aws::Failure& failure)
{
    return failure.status == 501 || failure.type == "NotImplemented";
}

// Whether the bucket has the setting as described. Fails when the endpoint does not support it.
Task<Result<bool, aws::Failure>> is_set(const Bucket& bucket, const BucketSetting& setting)
{
    const auto response = co_await bucket.call({.query = {{std::string(setting.query), ""}}});
    if (!response && response.error().type == setting.absent_error)
        co_return false;
    if (!response)
        co_return std::unexpected(response.error());
    pugi::xml_document document;
    document.load_buffer(response->body.data(), response->body.size());
    co_return setting.is_as_described(document);
}

Task<Result<aws::Response, aws::Failure>> apply(const Bucket& bucket, const BucketSetting& setting)
{
    BucketRequest request{.method = "PUT", .query = {{std::string(setting.query), ""}}};
    set_body(request, setting.make_document());
    co_return co_await bucket.call(std::move(request));
}

} // namespace

Task<Result<bool, ObjectError>> BucketSetup::exists()
{
    const auto head = co_await bucket_.call({.method = "HEAD"});
    if (head)
        co_return true;
    if (head.error().status == 404)
        co_return false;
    auto error = object_error_from(head.error(), fmt::format("find the bucket {}", name_));
    if (head.error().status == 301 || head.error().status == 400)
        error.detail += fmt::format("; is it in another region than {}?", region_);
    if (head.error().kind == aws::Failure::Kind::forbidden)
        error.detail += "; it may belong to another account, or this role may not see it";
    co_return std::unexpected(std::move(error));
}

Task<Result<void, ObjectError>> BucketSetup::create_bucket()
{
    BucketRequest request{.method = "PUT"};
    if (region_ != "us-east-1") // the default, which is not a valid constraint
        set_body(request,
                 fmt::format(R"(<CreateBucketConfiguration xmlns="{}"><LocationConstraint>{}</LocationConstraint>)"
                             "</CreateBucketConfiguration>",
                             xmlns, region_));
    const auto created = co_await bucket_.call(std::move(request));
    if (!created && created.error().type != "BucketAlreadyOwnedByYou")
        co_return std::unexpected(object_error_from(created.error(), fmt::format("create the bucket {}", name_)));
    co_return Result<void, ObjectError>();
}

Task<Result<std::vector<std::string>, ObjectError>> BucketSetup::create()
{
    std::vector<std::string> lines;
    const auto found = co_await exists();
    if (!found)
        co_return std::unexpected(found.error());
    if (!*found) {
        if (auto created = co_await create_bucket(); !created)
            co_return std::unexpected(std::move(created.error()));
        lines.push_back(fmt::format("created the bucket {}", name_));
    }
    for (const BucketSetting& setting : settings) {
        auto is_as_described = co_await is_set(bucket_, setting);
        if (is_as_described && *is_as_described)
            continue;
        std::optional<aws::Failure> failure =
            is_as_described ? std::nullopt : std::optional(std::move(is_as_described.error()));
        if (!failure) {
            const auto applied = co_await apply(bucket_, setting);
            if (applied)
                lines.push_back(fmt::format("{}: {}", name_, setting.description));
            else
                failure = applied.error();
        }
        if (failure && !is_aws_ && is_unsupported(*failure))
            lines.push_back(fmt::format("{}: this endpoint does not support ?{}; not set: {}", name_, setting.query,
                                        setting.description));
        else if (failure)
            co_return std::unexpected(object_error_from(*failure, fmt::format("set ?{} of {}", setting.query, name_)));
    }
    co_return lines;
}

Task<Result<std::vector<std::string>, ObjectError>> BucketSetup::check()
{
    const auto found = co_await exists();
    if (!found)
        co_return std::unexpected(found.error());
    if (!*found)
        co_return std::vector{fmt::format("the bucket {} does not exist; run: estante lake create", name_)};
    std::vector<std::string> differences;
    for (const BucketSetting& setting : settings) {
        const auto is_as_described = co_await is_set(bucket_, setting);
        if (!is_as_described && (is_aws_ || !is_unsupported(is_as_described.error())))
            co_return std::unexpected(
                object_error_from(is_as_described.error(), fmt::format("read ?{} of {}", setting.query, name_)));
        if (is_as_described && !*is_as_described)
            differences.push_back(fmt::format("{}: expected {}; run: estante lake create", name_, setting.description));
    }
    co_return differences;
}

} // namespace estante::s3
