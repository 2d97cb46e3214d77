// The state behind a caller's transaction tokens. DynamoDB accepts a repeated token only with the same request, byte by
// byte, so what else goes into the request is stored with the token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace estante::dynamodb {

struct TransactionState {
    std::int64_t now_s = 0;               // the time in the conditions on expires_at
    std::vector<std::size_t> recreated{}; // indexes of updates that replace an expired item
};

// Any thread.
class TransactionTokens {
public:
    // The state stored for this token, else `initial`, which is stored. Entries expire after ten minutes.
    TransactionState find_or_insert(const std::string& token, TransactionState initial);
    void update(const std::string& token, TransactionState state);

private:
    std::mutex mutex_;
    std::map<std::string, TransactionState> states_;
};

} // namespace estante::dynamodb
