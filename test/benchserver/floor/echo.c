// Sends every datagram back to where it came from, up to 32 with one system
// call: echo ADDRESS PORT. It is the floor of what a UDP server costs with
// recvmmsg and sendmmsg: whatever a DNS server needs above it, it needs to know
// the answer and to write it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { BATCH = 32, SIZE = 1500 };

static char packets[BATCH][SIZE];
static struct sockaddr_in clients[BATCH];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];

static int listen_at(const char *address, const char *port) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  if (s < 0 || inet_pton(AF_INET, address, &at.sin_addr) != 1 || bind(s, (struct sockaddr *)&at, sizeof at) < 0) {
    perror(address);
    exit(1);
  }
  return s;
}

static void point(int i, size_t length) {
  vectors[i] = (struct iovec){packets[i], length};
  messages[i].msg_hdr = (struct msghdr){
      .msg_name = &clients[i], .msg_namelen = sizeof clients[i], .msg_iov = &vectors[i], .msg_iovlen = 1};
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: echo ADDRESS PORT\n");
    return 2;
  }
  int s = listen_at(argv[1], argv[2]);
  for (;;) {
    for (int i = 0; i < BATCH; i++) point(i, SIZE);
    int got = recvmmsg(s, messages, BATCH, MSG_WAITFORONE, NULL);
    for (int i = 0; i < got; i++) vectors[i].iov_len = messages[i].msg_len;
    for (int sent = 0; sent < got;) {
      int n = sendmmsg(s, messages + sent, got - sent, 0);
      sent += n > 0 ? n : 1; // a packet that cannot be sent is lost
    }
  }
}
