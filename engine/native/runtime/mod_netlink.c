/*
 * native:netlink: links, addresses and routes (rtnetlink(7)).
 *
 * A socket speaks for the network namespace it was made in; native:namespace's inNetwork() makes it in
 * another. The kernel answers a request before send() returns, so requests are plain calls.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime.h"

#define REQUEST_SPACE 1024

struct request {
  struct nlmsghdr header;
  char body[REQUEST_SPACE];
};

/* ---- building requests ---- */

static void *begin(struct request *request, int type, int flags, size_t size) {
  memset(request, 0, sizeof *request);
  request->header.nlmsg_type = (uint16_t)type;
  request->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
  request->header.nlmsg_len = NLMSG_LENGTH(size);
  return request->body;
}

static struct rtattr *put(struct request *request, int type, const void *data, size_t length) {
  size_t at = NLMSG_ALIGN(request->header.nlmsg_len);
  if (at + RTA_SPACE(length) > sizeof *request) abort(); /* requests are small and ours */
  struct rtattr *attribute = (struct rtattr *)(void *)((char *)request + at);
  attribute->rta_type = (uint16_t)type;
  attribute->rta_len = (uint16_t)RTA_LENGTH(length);
  if (length) memcpy(RTA_DATA(attribute), data, length);
  request->header.nlmsg_len = (uint32_t)(at + RTA_SPACE(length));
  return attribute;
}

static void put_text(struct request *request, int type, const char *text) {
  put(request, type, text, strlen(text) + 1);
}

static void put_u32(struct request *request, int type, uint32_t value) { put(request, type, &value, sizeof value); }

/* Ends an attribute that holds those put since. */
static void end_nested(struct request *request, struct rtattr *attribute) {
  attribute->rta_len = (uint16_t)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len) - (char *)attribute);
}

/* ---- talking to the kernel ---- */

typedef void (*handler)(JSContext *ctx, const struct nlmsghdr *message, JSValueConst list);

/* What one receive brought: 0 goes on, 1 was the end, less than 0 an errno. */
static int read_messages(JSContext *ctx, char *buffer, ssize_t length, handler handle, JSValueConst list) {
  int left = (int)length;
  for (struct nlmsghdr *message = (struct nlmsghdr *)(void *)buffer; NLMSG_OK(message, (unsigned)left);
       message = NLMSG_NEXT(message, left)) {
    if (message->nlmsg_type == NLMSG_DONE) return 1;
    if (message->nlmsg_type == NLMSG_ERROR) {
      int error = ((struct nlmsgerr *)NLMSG_DATA(message))->error;
      return error ? error : 1;
    }
    if (handle) handle(ctx, message, list);
    if (!(message->nlmsg_flags & NLM_F_MULTI)) return 1; /* a single answer has nothing behind it */
  }
  return 0;
}

/* Sends a request and reads what comes back for the handler. Returns an errno. */
static int answer(JSContext *ctx, int fd, struct request *request, handler handle, JSValueConst list) {
  static char buffer[32 * 1024] __attribute__((aligned(NLMSG_ALIGNTO)));
  if (send(fd, request, request->header.nlmsg_len, 0) < 0) return errno;
  for (;;) {
    ssize_t length = recv(fd, buffer, sizeof buffer, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return errno;
    int end = read_messages(ctx, buffer, length, handle, list);
    if (end) return end < 0 ? -end : 0;
  }
}

static JSValue finish(JSContext *ctx, int fd, struct request *request, const char *call, const char *subject) {
  request->header.nlmsg_flags |= NLM_F_ACK;
  int error = answer(ctx, fd, request, NULL, JS_UNDEFINED);
  return error ? throw_errno(ctx, error, call, subject) : JS_UNDEFINED;
}

static JSValue dump(JSContext *ctx, int fd, struct request *request, const char *call, handler handle) {
  JSValue list = JS_NewArray(ctx);
  request->header.nlmsg_flags |= NLM_F_DUMP;
  int error = answer(ctx, fd, request, handle, list);
  if (!error) return list;
  JS_FreeValue(ctx, list);
  return throw_errno(ctx, error, call, NULL);
}

static void append(JSContext *ctx, JSValueConst list, JSValue item) {
  JSValue length = JS_GetPropertyStr(ctx, list, "length");
  uint32_t index = 0;
  JS_ToUint32(ctx, &index, length);
  JS_SetPropertyUint32(ctx, list, index, item);
}

NATIVE(js_open) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  return fd < 0 ? throw_errno(ctx, errno, "socket", "NETLINK_ROUTE") : JS_NewInt32(ctx, fd);
}

/* ---- links ---- */

/* A text property of an options object, copied; absent leaves the buffer empty. */
static int get_text(JSContext *ctx, JSValueConst object, const char *name, char *buffer, size_t size) {
  JSValue value = JS_GetPropertyStr(ctx, object, name);
  buffer[0] = 0;
  if (JS_IsException(value)) return -1;
  if (!JS_IsUndefined(value)) {
    const char *text = JS_ToCString(ctx, value);
    if (text) snprintf(buffer, size, "%s", text);
    JS_FreeCString(ctx, text);
  }
  JS_FreeValue(ctx, value);
  return 0;
}

static int parse_mac(const char *text, uint8_t mac[6]) {
  unsigned parts[6];
  if (sscanf(text, "%x:%x:%x:%x:%x:%x", &parts[0], &parts[1], &parts[2], &parts[3], &parts[4], &parts[5]) != 6)
    return -1;
  for (int i = 0; i < 6; i++) mac[i] = (uint8_t)parts[i];
  return 0;
}

static int put_mac(JSContext *ctx, struct request *request, const char *text) {
  uint8_t mac[6];
  if (!text[0]) return 0;
  if (parse_mac(text, mac) < 0) {
    JS_ThrowTypeError(ctx, "invalid MAC address: %s", text);
    return -1;
  }
  put(request, IFLA_ADDRESS, mac, sizeof mac);
  return 0;
}

static struct ifinfomsg link_flags(int up) {
  struct ifinfomsg link = {0};
  if (up >= 0) {
    link.ifi_change = IFF_UP;
    link.ifi_flags = up ? IFF_UP : 0;
  }
  return link;
}

/* The other end of a veth pair: {name, mac?, networkFd?}, down until somebody sets it up in its namespace. */
static int put_peer(JSContext *ctx, struct request *request, JSValueConst peer, int mtu) {
  struct ifinfomsg flags = link_flags(-1);
  char name[IFNAMSIZ], mac[20];
  int network;
  if (get_text(ctx, peer, "name", name, sizeof name) || get_text(ctx, peer, "mac", mac, sizeof mac) ||
      get_int_property(ctx, peer, "networkFd", -1, &network))
    return -1;
  struct rtattr *data = put(request, IFLA_INFO_DATA, NULL, 0);
  struct rtattr *other = put(request, VETH_INFO_PEER, &flags, sizeof flags);
  put_text(request, IFLA_IFNAME, name);
  if (put_mac(ctx, request, mac)) return -1;
  if (mtu) put_u32(request, IFLA_MTU, (uint32_t)mtu);
  if (network >= 0) put_u32(request, IFLA_NET_NS_FD, (uint32_t)network);
  end_nested(request, other);
  end_nested(request, data);
  return 0;
}

/* addLink(fd, {name, kind, mac?, mtu?, up?, master?, peer?}): peer is the other end of a veth pair. */
NATIVE(js_add_link) {
  struct request request;
  int fd, mtu, up, master;
  char name[IFNAMSIZ], kind[16], mac[20];
  if (JS_ToInt32(ctx, &fd, argv[0]) || get_text(ctx, argv[1], "name", name, sizeof name) ||
      get_text(ctx, argv[1], "kind", kind, sizeof kind) || get_text(ctx, argv[1], "mac", mac, sizeof mac) ||
      get_int_property(ctx, argv[1], "mtu", 0, &mtu) || get_int_property(ctx, argv[1], "up", -1, &up) ||
      get_int_property(ctx, argv[1], "master", -1, &master))
    return JS_EXCEPTION;
  JSValue peer = JS_GetPropertyStr(ctx, argv[1], "peer");
  struct ifinfomsg *link = begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *link);
  *link = link_flags(up);
  put_text(&request, IFLA_IFNAME, name);
  if (put_mac(ctx, &request, mac)) return JS_EXCEPTION;
  if (mtu) put_u32(&request, IFLA_MTU, (uint32_t)mtu);
  if (master >= 0) put_u32(&request, IFLA_MASTER, (uint32_t)master);
  struct rtattr *info = put(&request, IFLA_LINKINFO, NULL, 0);
  put_text(&request, IFLA_INFO_KIND, kind);
  int failed = JS_IsUndefined(peer) ? 0 : put_peer(ctx, &request, peer, mtu);
  JS_FreeValue(ctx, peer);
  if (failed) return JS_EXCEPTION;
  end_nested(&request, info);
  return finish(ctx, fd, &request, "add link", name);
}

/* setLink(fd, index, {up?, name?, mac?, mtu?, master?, networkFd?}); master 0 takes it off its bridge. */
NATIVE(js_set_link) {
  struct request request;
  int fd, index, up, mtu, master, network;
  char name[IFNAMSIZ], mac[20], subject[16];
  if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToInt32(ctx, &index, argv[1]) ||
      get_text(ctx, argv[2], "name", name, sizeof name) || get_text(ctx, argv[2], "mac", mac, sizeof mac) ||
      get_int_property(ctx, argv[2], "up", -1, &up) || get_int_property(ctx, argv[2], "mtu", 0, &mtu) ||
      get_int_property(ctx, argv[2], "master", -1, &master) ||
      get_int_property(ctx, argv[2], "networkFd", -1, &network))
    return JS_EXCEPTION;
  struct ifinfomsg *link = begin(&request, RTM_NEWLINK, 0, sizeof *link);
  *link = link_flags(up);
  link->ifi_index = index;
  if (name[0]) put_text(&request, IFLA_IFNAME, name);
  if (put_mac(ctx, &request, mac)) return JS_EXCEPTION;
  if (mtu) put_u32(&request, IFLA_MTU, (uint32_t)mtu);
  if (master >= 0) put_u32(&request, IFLA_MASTER, (uint32_t)master);
  if (network >= 0) put_u32(&request, IFLA_NET_NS_FD, (uint32_t)network);
  snprintf(subject, sizeof subject, "%d", index);
  return finish(ctx, fd, &request, "set link", subject);
}

NATIVE(js_delete_link) {
  struct request request;
  int fd, index;
  char subject[16];
  if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToInt32(ctx, &index, argv[1])) return JS_EXCEPTION;
  struct ifinfomsg *link = begin(&request, RTM_DELLINK, 0, sizeof *link);
  link->ifi_index = index;
  snprintf(subject, sizeof subject, "%d", index);
  return finish(ctx, fd, &request, "delete link", subject);
}

static void describe_link(JSContext *ctx, const struct nlmsghdr *message, JSValueConst list) {
  const struct ifinfomsg *link = NLMSG_DATA(message);
  if (message->nlmsg_type != RTM_NEWLINK) return;
  JSValue object = JS_NewObject(ctx);
  set_property(ctx, object, "index", JS_NewInt32(ctx, link->ifi_index));
  set_property(ctx, object, "up", JS_NewBool(ctx, link->ifi_flags & IFF_UP));
  int left = (int)IFLA_PAYLOAD(message);
  for (const struct rtattr *item = IFLA_RTA(link); RTA_OK(item, left); item = RTA_NEXT(item, left)) {
    const uint8_t *data = RTA_DATA(item);
    char mac[20];
    if (item->rta_type == IFLA_IFNAME) {
      set_property(ctx, object, "name", JS_NewString(ctx, (const char *)data));
    } else if (item->rta_type == IFLA_MASTER) {
      set_property(ctx, object, "master", JS_NewInt32(ctx, *(const int32_t *)(const void *)data));
    } else if (item->rta_type == IFLA_MTU) {
      set_property(ctx, object, "mtu", JS_NewInt32(ctx, *(const int32_t *)(const void *)data));
    } else if (item->rta_type == IFLA_ADDRESS && RTA_PAYLOAD(item) == 6) {
      snprintf(mac, sizeof mac, "%02x:%02x:%02x:%02x:%02x:%02x", data[0], data[1], data[2], data[3], data[4], data[5]);
      set_property(ctx, object, "mac", JS_NewString(ctx, mac));
    } else if (item->rta_type == IFLA_STATS64) {
      struct rtnl_link_stats64 stats;
      memcpy(&stats, data, RTA_PAYLOAD(item) < sizeof stats ? RTA_PAYLOAD(item) : sizeof stats);
      set_property(ctx, object, "rxBytes", JS_NewFloat64(ctx, (double)stats.rx_bytes));
      set_property(ctx, object, "rxPackets", JS_NewFloat64(ctx, (double)stats.rx_packets));
      set_property(ctx, object, "rxErrors", JS_NewFloat64(ctx, (double)stats.rx_errors));
      set_property(ctx, object, "rxDropped", JS_NewFloat64(ctx, (double)stats.rx_dropped));
      set_property(ctx, object, "txBytes", JS_NewFloat64(ctx, (double)stats.tx_bytes));
      set_property(ctx, object, "txPackets", JS_NewFloat64(ctx, (double)stats.tx_packets));
      set_property(ctx, object, "txErrors", JS_NewFloat64(ctx, (double)stats.tx_errors));
      set_property(ctx, object, "txDropped", JS_NewFloat64(ctx, (double)stats.tx_dropped));
    }
  }
  append(ctx, list, object);
}

NATIVE(js_links) {
  struct request request;
  int fd;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  begin(&request, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
  return dump(ctx, fd, &request, "list links", describe_link);
}

/* link(fd, name): the one of that name, or null. The kernel answers with the link itself, or with an error. */
NATIVE(js_link) {
  struct request request;
  int fd;
  char name[IFNAMSIZ + 1];
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  const char *text = JS_ToCString(ctx, argv[1]);
  if (!text) return JS_EXCEPTION;
  snprintf(name, sizeof name, "%s", text);
  JS_FreeCString(ctx, text);
  begin(&request, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
  put_text(&request, IFLA_IFNAME, name);
  JSValue list = JS_NewArray(ctx);
  int error = answer(ctx, fd, &request, describe_link, list);
  JSValue link = error ? JS_NULL : JS_GetPropertyUint32(ctx, list, 0);
  JS_FreeValue(ctx, list);
  return error && error != ENODEV ? throw_errno(ctx, error, "get link", name) : link;
}

/* ---- addresses and routes ---- */

struct ip {
  int family;
  size_t length;
  uint8_t bytes[16];
};

static int parse_ip(JSContext *ctx, const char *text, struct ip *ip) {
  ip->family = strchr(text, ':') ? AF_INET6 : AF_INET;
  ip->length = ip->family == AF_INET ? 4 : 16;
  if (inet_pton(ip->family, text, ip->bytes) == 1) return 0;
  JS_ThrowTypeError(ctx, "invalid IP address: %s", text);
  return -1;
}

/* changeAddress(fd, add, index, address, prefix) */
NATIVE(js_change_address) {
  struct request request;
  struct ip ip;
  int fd, index, prefix;
  if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToInt32(ctx, &index, argv[2]) || JS_ToInt32(ctx, &prefix, argv[4]))
    return JS_EXCEPTION;
  bool add = JS_ToBool(ctx, argv[1]) > 0;
  const char *text = JS_ToCString(ctx, argv[3]);
  if (!text) return JS_EXCEPTION;
  JSValue result = JS_EXCEPTION;
  if (parse_ip(ctx, text, &ip) == 0) {
    struct ifaddrmsg *address = begin(&request, add ? RTM_NEWADDR : RTM_DELADDR,
                                      add ? NLM_F_CREATE | NLM_F_EXCL : 0, sizeof *address);
    address->ifa_family = (uint8_t)ip.family;
    address->ifa_prefixlen = (uint8_t)prefix;
    address->ifa_index = (uint32_t)index;
    put(&request, IFA_LOCAL, ip.bytes, ip.length);
    put(&request, IFA_ADDRESS, ip.bytes, ip.length);
    if (add && ip.family == AF_INET && prefix < 31) {
      uint32_t broadcast;
      memcpy(&broadcast, ip.bytes, 4);
      broadcast |= htonl(prefix == 0 ? 0xffffffffu : (1u << (32 - prefix)) - 1);
      put(&request, IFA_BROADCAST, &broadcast, 4);
    }
    /* Duplicate address detection would keep an IPv6 address unusable for seconds. */
    if (add && ip.family == AF_INET6) address->ifa_flags = IFA_F_NODAD;
    result = finish(ctx, fd, &request, add ? "add address" : "delete address", text);
  }
  JS_FreeCString(ctx, text);
  return result;
}

static void describe_address(JSContext *ctx, const struct nlmsghdr *message, JSValueConst list) {
  const struct ifaddrmsg *address = NLMSG_DATA(message);
  if (message->nlmsg_type != RTM_NEWADDR) return;
  char text[INET6_ADDRSTRLEN] = "";
  int left = (int)IFA_PAYLOAD(message);
  for (const struct rtattr *item = IFA_RTA(address); RTA_OK(item, left); item = RTA_NEXT(item, left))
    if (item->rta_type == IFA_LOCAL || (item->rta_type == IFA_ADDRESS && !text[0]))
      inet_ntop(address->ifa_family, RTA_DATA(item), text, sizeof text);
  JSValue object = JS_NewObject(ctx);
  set_property(ctx, object, "index", JS_NewInt32(ctx, (int32_t)address->ifa_index));
  set_property(ctx, object, "address", JS_NewString(ctx, text));
  set_property(ctx, object, "prefix", JS_NewInt32(ctx, address->ifa_prefixlen));
  append(ctx, list, object);
}

NATIVE(js_addresses) {
  struct request request;
  int fd;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  begin(&request, RTM_GETADDR, 0, sizeof(struct ifaddrmsg));
  return dump(ctx, fd, &request, "list addresses", describe_address);
}

/* changeRoute(fd, add, {destination?, prefix?, gateway?, index?}): no destination means the default route. */
NATIVE(js_change_route) {
  struct request request;
  struct ip destination = {.family = AF_INET}, gateway = {.family = AF_INET};
  char destination_text[64], gateway_text[64];
  int fd, prefix, index;
  if (JS_ToInt32(ctx, &fd, argv[0]) ||
      get_text(ctx, argv[2], "destination", destination_text, sizeof destination_text) ||
      get_text(ctx, argv[2], "gateway", gateway_text, sizeof gateway_text) ||
      get_int_property(ctx, argv[2], "prefix", 0, &prefix) || get_int_property(ctx, argv[2], "index", 0, &index) ||
      (destination_text[0] && parse_ip(ctx, destination_text, &destination)) ||
      (gateway_text[0] && parse_ip(ctx, gateway_text, &gateway)))
    return JS_EXCEPTION;
  bool add = JS_ToBool(ctx, argv[1]) > 0;
  struct rtmsg *route =
      begin(&request, add ? RTM_NEWROUTE : RTM_DELROUTE, add ? NLM_F_CREATE | NLM_F_EXCL : 0, sizeof *route);
  route->rtm_family = (uint8_t)(destination_text[0] ? destination.family : gateway.family);
  route->rtm_dst_len = (uint8_t)prefix;
  route->rtm_table = RT_TABLE_MAIN;
  route->rtm_protocol = RTPROT_BOOT;
  route->rtm_scope = gateway_text[0] ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
  route->rtm_type = RTN_UNICAST;
  if (destination_text[0]) put(&request, RTA_DST, destination.bytes, destination.length);
  if (gateway_text[0]) put(&request, RTA_GATEWAY, gateway.bytes, gateway.length);
  if (index) put_u32(&request, RTA_OIF, (uint32_t)index);
  return finish(ctx, fd, &request, add ? "add route" : "delete route", destination_text[0] ? destination_text : "default");
}

static void describe_route(JSContext *ctx, const struct nlmsghdr *message, JSValueConst list) {
  const struct rtmsg *route = NLMSG_DATA(message);
  if (message->nlmsg_type != RTM_NEWROUTE || route->rtm_table != RT_TABLE_MAIN) return;
  JSValue object = JS_NewObject(ctx);
  set_property(ctx, object, "prefix", JS_NewInt32(ctx, route->rtm_dst_len));
  int left = (int)RTM_PAYLOAD(message);
  for (const struct rtattr *item = RTM_RTA(route); RTA_OK(item, left); item = RTA_NEXT(item, left)) {
    char text[INET6_ADDRSTRLEN];
    if (item->rta_type == RTA_OIF)
      set_property(ctx, object, "index", JS_NewInt32(ctx, *(const int32_t *)RTA_DATA(item)));
    else if (item->rta_type == RTA_DST || item->rta_type == RTA_GATEWAY)
      set_property(ctx, object, item->rta_type == RTA_DST ? "destination" : "gateway",
                   JS_NewString(ctx, inet_ntop(route->rtm_family, RTA_DATA(item), text, sizeof text)));
  }
  append(ctx, list, object);
}

NATIVE(js_routes) {
  struct request request;
  int fd;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  begin(&request, RTM_GETROUTE, 0, sizeof(struct rtmsg));
  return dump(ctx, fd, &request, "list routes", describe_route);
}

static const JSCFunctionListEntry netlink_exports[] = {
    JS_CFUNC_DEF("open", 0, js_open),
    JS_CFUNC_DEF("addLink", 2, js_add_link),
    JS_CFUNC_DEF("setLink", 3, js_set_link),
    JS_CFUNC_DEF("deleteLink", 2, js_delete_link),
    JS_CFUNC_DEF("links", 1, js_links),
    JS_CFUNC_DEF("link", 2, js_link),
    JS_CFUNC_DEF("changeAddress", 5, js_change_address),
    JS_CFUNC_DEF("addresses", 1, js_addresses),
    JS_CFUNC_DEF("changeRoute", 3, js_change_route),
    JS_CFUNC_DEF("routes", 1, js_routes),
};
const struct native_module module_netlink = {"native:netlink", netlink_exports, COUNT_OF(netlink_exports)};
