// Preloaded into an engine that can only listen on all interfaces: each socket it binds to "any address" is bound to
// 127.0.0.1 instead (::1 for IPv6). What names an address of its own is left alone.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <string.h>

int bind(int socket, const struct sockaddr* address, socklen_t length)
{
    int (*real_bind)(int, const struct sockaddr*, socklen_t) =
        (int (*)(int, const struct sockaddr*, socklen_t))dlsym(RTLD_NEXT, "bind");
    struct sockaddr_storage loopback = {0};
    memcpy(&loopback, address, length < sizeof loopback ? length : sizeof loopback);

    struct sockaddr_in* v4 = (struct sockaddr_in*)&loopback;
    struct sockaddr_in6* v6 = (struct sockaddr_in6*)&loopback;
    if (v4->sin_family == AF_INET && v4->sin_addr.s_addr == htonl(INADDR_ANY))
        v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else if (v6->sin6_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr))
        v6->sin6_addr = in6addr_loopback;
    return real_bind(socket, (const struct sockaddr*)&loopback, length);
}
