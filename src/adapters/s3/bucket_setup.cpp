#include "adapters/s3/bucket_setup.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <array>
#include <optional>

namespace estante::s3 {

namespace {

using Lines = Result<std::vector<std::string>, ObjectError>;

constexpr std::string_view xmlns = "http://s3.amazonaws.com/doc/2006-03-01/";
constexpr int infrequent_days = 30;
constexpr int glacier_days = 90;
constexpr int abandoned_upload_days = 1;

// One of the bucket's own configurations.
struct Aspect {
    std::string_view query;  // "?lifecycle"
    std::string_view absent; // the error of a bucket that has none
    std::string_view wanted; // in words
    std::string (*document)();
    bool (*holds)(const pugi::xml_document& found);
};

std::string lifecycle()
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

bool ages(const pugi::xml_node& rule)
{
    int infrequent = 0;
    int glacier = 0;
    for (const auto& transition : rule.children("Transition")) {
        const auto kept_in = text_in(transition, "StorageClass");
        const int days = transition.child("Days").text().as_int();
        infrequent = kept_in == "STANDARD_IA" ? days : infrequent;
        glacier = kept_in == "GLACIER" ? days : glacier;
    }
    const auto tag = rule.child("Filter").child("Tag");
    return infrequent == infrequent_days && glacier == glacier_days && text_in(tag, "Key") == raw_tag.key &&
           text_in(tag, "Value") == raw_tag.value;
}

// Just our rules: any other that moves or removes objects is a difference.
bool has_lifecycle(const pugi::xml_document& found)
{
    int aging = 0;
    int ending = 0;
    for (const auto& rule : found.child("LifecycleConfiguration").children("Rule")) {
        if (text_in(rule, "Status") != "Enabled")
            continue;
        if (ages(rule) && !rule.child("Expiration"))
            ++aging;
        else if (rule.child("AbortIncompleteMultipartUpload") && !rule.child("Transition") && !rule.child("Expiration"))
            ++ending;
        else
            return false;
    }
    return aging == 1 && ending == 1;
}

std::string encryption()
{
    return fmt::format(R"(<ServerSideEncryptionConfiguration xmlns="{}"><Rule><ApplyServerSideEncryptionByDefault>)"
                       "<SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>"
                       "</ServerSideEncryptionConfiguration>",
                       xmlns);
}

// AES256 or one of KMS's: an operator may have chosen a key.
bool is_encrypted(const pugi::xml_document& found)
{
    const auto rule = found.child("ServerSideEncryptionConfiguration").child("Rule");
    return !text_in(rule.child("ApplyServerSideEncryptionByDefault"), "SSEAlgorithm").empty();
}

constexpr std::array<const char*, 4> public_access{"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy",
                                                   "RestrictPublicBuckets"};

std::string no_public_access()
{
    std::string switches;
    for (const auto* name : public_access)
        switches += fmt::format("<{0}>true</{0}>", name);
    return fmt::format(R"(<PublicAccessBlockConfiguration xmlns="{}">{}</PublicAccessBlockConfiguration>)", xmlns,
                       switches);
}

bool is_private(const pugi::xml_document& found)
{
    const auto block = found.child("PublicAccessBlockConfiguration");
    return std::ranges::all_of(public_access, [&](const char* name) { return block.child(name).text().as_bool(); });
}

constexpr std::array<Aspect, 3> aspects{{
    {.query = "publicAccessBlock",
     .absent = "NoSuchPublicAccessBlockConfiguration",
     .wanted = "all public access blocked",
     .document = no_public_access,
     .holds = is_private},
    {.query = "encryption",
     .absent = "ServerSideEncryptionConfigurationNotFoundError",
     .wanted = "objects encrypted by default",
     .document = encryption,
     .holds = is_encrypted},
    {.query = "lifecycle",
     .absent = "NoSuchLifecycleConfiguration",
     .wanted =
         "objects tagged class=raw in STANDARD_IA after 30 days and GLACIER after 90, abandoned uploads ended after 1",
     .document = lifecycle,
     .holds = has_lifecycle},
}};

bool is_unknown_here(const aws::Failure& failure)
{
    return failure.status == 501 || failure.type == "NotImplemented";
}

// What the bucket has of it; nothing: it is not as wanted. An endpoint that does not know it throws its failure back.
Task<aws::Called<bool>> holds(const Bucket& bucket, const Aspect& aspect)
{
    const auto answer = co_await bucket.call({.query = {{std::string(aspect.query), ""}}});
    if (!answer && answer.error().type == aspect.absent)
        co_return false;
    if (!answer)
        co_return std::unexpected(answer.error());
    pugi::xml_document document;
    document.load_buffer(answer->body.data(), answer->body.size());
    co_return aspect.holds(document);
}

Task<aws::Called<aws::Response>> set(const Bucket& bucket, const Aspect& aspect)
{
    Call call{.method = "PUT", .query = {{std::string(aspect.query), ""}}};
    add_body(call, aspect.document());
    co_return co_await bucket.call(std::move(call));
}

} // namespace

Task<Result<bool, ObjectError>> BucketSetup::is_there()
{
    const auto head = co_await bucket_.call({.method = "HEAD"});
    if (head)
        co_return true;
    if (head.error().status == 404)
        co_return false;
    auto error = error_of(head.error(), fmt::format("look for the bucket {}", name_));
    if (head.error().status == 301 || head.error().status == 400)
        error.detail += fmt::format("; is it in another region than {}?", region_);
    if (head.error().kind == aws::Failure::Kind::forbidden)
        error.detail += "; it may belong to another account, or this role may not see it";
    co_return std::unexpected(std::move(error));
}

Task<Result<void, ObjectError>> BucketSetup::make()
{
    Call call{.method = "PUT"};
    if (region_ != "us-east-1") // which is no constraint
        add_body(call,
                 fmt::format(R"(<CreateBucketConfiguration xmlns="{}"><LocationConstraint>{}</LocationConstraint>)"
                             "</CreateBucketConfiguration>",
                             xmlns, region_));
    const auto made = co_await bucket_.call(std::move(call));
    if (!made && made.error().type != "BucketAlreadyOwnedByYou")
        co_return std::unexpected(error_of(made.error(), fmt::format("make the bucket {}", name_)));
    co_return Result<void, ObjectError>();
}

Task<Lines> BucketSetup::create()
{
    std::vector<std::string> lines;
    const auto there = co_await is_there();
    if (!there)
        co_return std::unexpected(there.error());
    if (!*there) {
        if (auto made = co_await make(); !made)
            co_return std::unexpected(std::move(made.error()));
        lines.push_back(fmt::format("made the bucket {}", name_));
    }
    for (const Aspect& aspect : aspects) {
        auto held = co_await holds(bucket_, aspect);
        if (held && *held)
            continue;
        std::optional<aws::Failure> failure = held ? std::nullopt : std::optional(std::move(held.error()));
        if (!failure) {
            const auto done = co_await set(bucket_, aspect);
            if (done)
                lines.push_back(fmt::format("{}: {}", name_, aspect.wanted));
            else
                failure = done.error();
        }
        if (failure && !at_aws_ && is_unknown_here(*failure))
            lines.push_back(
                fmt::format("{}: this endpoint does not know ?{}: not set: {}", name_, aspect.query, aspect.wanted));
        else if (failure)
            co_return std::unexpected(error_of(*failure, fmt::format("set ?{} of {}", aspect.query, name_)));
    }
    co_return lines;
}

Task<Lines> BucketSetup::check()
{
    const auto there = co_await is_there();
    if (!there)
        co_return std::unexpected(there.error());
    if (!*there)
        co_return std::vector{fmt::format("there is no bucket {}; estante lake create", name_)};
    std::vector<std::string> differences;
    for (const Aspect& aspect : aspects) {
        const auto held = co_await holds(bucket_, aspect);
        if (!held && (at_aws_ || !is_unknown_here(held.error())))
            co_return std::unexpected(error_of(held.error(), fmt::format("read ?{} of {}", aspect.query, name_)));
        if (held && !*held)
            differences.push_back(fmt::format("{}: it should have {}; estante lake create", name_, aspect.wanted));
    }
    co_return differences;
}

} // namespace estante::s3
