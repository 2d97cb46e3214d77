// A provider that caches fetched credentials and refreshes them before they expire.
#pragma once

#include "adapters/aws/client.hpp"
#include "adapters/aws/credentials.hpp"
#include "ports/clock.hpp"

#include <functional>
#include <memory>

namespace estante::aws {

// Called on the client's thread, one call at a time. Its captures must outlive the provider and a fetch in progress.
using CredentialsFetcher = std::function<Task<Result<Credentials, CredentialsError>>()>;

// The first use fetches credentials. From five minutes before they expire, a background fetch replaces them, and
// callers get the old ones meanwhile. A failed refresh is retried no sooner than 10 s later; the old credentials are
// returned while they are valid. Client and clock must outlive the provider.
std::unique_ptr<CredentialsProvider> create_caching_provider(Client& client, Clock& clock,
                                                             CredentialsFetcher fetch_key);

} // namespace estante::aws
