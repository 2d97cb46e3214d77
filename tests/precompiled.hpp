// Precompiled for the tests; no file may rely on it for a declaration.
#include "../cmake/precompiled.hpp"
#include "support/ports.hpp"
#include "support/run.hpp"

#include <gtest/gtest.h>
