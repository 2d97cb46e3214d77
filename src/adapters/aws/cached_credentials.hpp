// Credentials that cache a fetched key and refresh it before it expires.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/credentials.hpp"
#include "ports/clock.hpp"

#include <functional>
#include <memory>

namespace estante::aws {

// Fetches a key. Called on the client's thread, one call at a time. Its captures outlive the credentials and a fetch in
// progress.
using KeyFetcher = std::function<Task<Result<AccessKey, CredentialsError>>()>;

// The first use fetches a key. From five minutes before it expires, a background fetch replaces it, and callers get the
// old key meanwhile. A failed refresh is repeated after ten seconds at the earliest; the old key serves while it is
// valid. Client and clock outlive the credentials.
std::unique_ptr<Credentials> create_cached_credentials(Client& client, Clock& clock, KeyFetcher fetch_key);

} // namespace estante::aws
