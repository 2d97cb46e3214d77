// The AWS context of a process, by the settings.
#pragma once

#include "adapters/aws/context.hpp"
#include "hosts/settings.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"

#include <memory>

namespace estante {

// All AWS adapters share one context. It is made when the first of them asks for it, so a server without AWS starts no
// client. Used by one thread.
class SharedAws {
public:
    // Clock and random source outlive it. Throws std::runtime_error with one line for wrong settings.
    SharedAws(const Settings& settings, Clock& clock, Random& random);

    aws::Context& context();

private:
    Clock& clock_;
    Random& random_;
    const aws::ContextOptions options_;
    std::unique_ptr<aws::Context> context_;
};

} // namespace estante
