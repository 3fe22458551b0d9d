#include "net/interface_names.h"

#include <array>
#include <cerrno>
#include <memory>
#include <set>
#include <string>
#include <system_error>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace gatehouse {

namespace {

using address_list = std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)>;

std::string text_of(int family, void const* raw)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    return ::inet_ntop(family, raw, text.data(), text.size()) == nullptr ? "" : text.data();
}

// Empty where a listener cannot be bound.
std::string address_of(sockaddr const* at)
{
    if (at != nullptr && at->sa_family == AF_INET)
        return text_of(AF_INET, &reinterpret_cast<sockaddr_in const*>(at)->sin_addr);
    if (at == nullptr || at->sa_family != AF_INET6)
        return {};
    auto const& six = reinterpret_cast<sockaddr_in6 const*>(at)->sin6_addr;
    return IN6_IS_ADDR_LINKLOCAL(&six) ? std::string{} : text_of(AF_INET6, &six);
}

config::named_address not_found(std::string const& name, std::set<std::string> const& interfaces)
{
    if (interfaces.contains(name))
        return {{}, "the interface has no address (IPv4, or IPv6 beyond its link)"};
    std::string all;
    for (auto const& one : interfaces)
        all += (all.empty() ? "" : ", ") + one;
    return {{}, "this machine has no interface of that name; it has " + all};
}

}  // namespace

config::named_address interface_names::find(std::string const& name) const
{
    if (name == "localhost")
        return {"127.0.0.1", {}};
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0)
        return {
            {},
            "the interfaces of this machine cannot be listed: " +
                std::generic_category().message(errno)};
    address_list const owned{first, &::freeifaddrs};
    std::set<std::string> interfaces;
    std::string six;
    for (auto const* each = first; each != nullptr; each = each->ifa_next) {
        interfaces.insert(each->ifa_name);
        if (name != each->ifa_name)
            continue;
        auto address = address_of(each->ifa_addr);
        if (!address.empty() && each->ifa_addr->sa_family == AF_INET)
            return {std::move(address), {}};
        if (six.empty())
            six = std::move(address);
    }
    return six.empty() ? not_found(name, interfaces) : config::named_address{std::move(six), {}};
}

}  // namespace gatehouse
