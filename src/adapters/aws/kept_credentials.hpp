// Keeps a key that has to be fetched, and fetches another before it expires.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/credentials.hpp"
#include "ports/clock.hpp"

#include <expected>
#include <functional>
#include <memory>

namespace estante::aws {

// Where keys come from. Called on the client's thread, one call at a time. What it captures outlives the credentials
// and a fetch that is under way.
using KeySource = std::function<Task<std::expected<AccessKey, NoCredentials>>()>;

// A key is fetched when first asked for. From five minutes before its expiry another is fetched aside: callers get the
// old one meanwhile, and still if that fails, for as long as it is valid; then the next fetch follows after ten seconds
// at the earliest. Client and clock outlive them.
std::unique_ptr<Credentials> kept_credentials(Client& client, Clock& clock, KeySource source);

} // namespace estante::aws
