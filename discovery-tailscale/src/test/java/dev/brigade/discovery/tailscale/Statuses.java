package dev.brigade.discovery.tailscale;

/** Answers in the form of the daemon's status, with the fields that a daemon of 2025 gives. */
final class Statuses {
  private Statuses() {}

  static String running(String... peers) {
    return """
    {"Version":"1.92.3-t1234567-g89abcdef0","TUN":false,"BackendState":"Running",
     "HaveNodeKey":true,"AuthURL":"","TailscaleIPs":["100.64.0.1","fd7a:115c:a1e0::1"],
     "Self":{"ID":"nSELF11CNTRL","PublicKey":"nodekey:00","HostName":"self",
       "DNSName":"self.tail1234.ts.net.","OS":"linux","UserID":1,
       "TailscaleIPs":["100.64.0.1","fd7a:115c:a1e0::1"],"Online":true,"InNetworkMap":true},
     "Health":[],"MagicDNSSuffix":"tail1234.ts.net","CertDomains":null,
     "CurrentTailnet":{"Name":"example.com","MagicDNSSuffix":"tail1234.ts.net"},
     "Peer":%s,"User":{"1":{"ID":1,"LoginName":"a@example.com"}},"ClientVersion":null}
    """
        .formatted(peers.length == 0 ? "null" : "{" + String.join(",", peers) + "}");
  }

  static String inState(String state, String authUrl) {
    return """
    {"Version":"1.92.3","TUN":true,"BackendState":"%s","HaveNodeKey":false,"AuthURL":"%s",
     "TailscaleIPs":null,"Self":{"ID":"","HostName":"self","TailscaleIPs":null,"Online":false},
     "Health":["state=%s"],"CurrentTailnet":null,"Peer":null,"User":null}
    """
        .formatted(state, authUrl, state);
  }

  static String peer(String name, String address, boolean online, String tag) {
    String tags = tag.isEmpty() ? "" : "\"Tags\":[\"tag:other\",\"%s\"],".formatted(tag);
    return """
    "nodekey:%1$s":{"ID":"n%1$sCNTRL","PublicKey":"nodekey:%1$s","HostName":"%1$s",
      "DNSName":"%1$s.tail1234.ts.net.","OS":"linux","UserID":1,%4$s
      "TailscaleIPs":["fd7a:115c:a1e0::%1$s","%2$s"],"AllowedIPs":["%2$s/32"],"Addrs":null,
      "CurAddr":"","Relay":"fra","RxBytes":0,"TxBytes":0,"Created":"2025-11-01T10:00:00Z",
      "LastSeen":"0001-01-01T00:00:00Z","Online":%3$s,"ExitNode":false,"Active":false,
      "InNetworkMap":true,"InMagicSock":true,"InEngine":false}
    """
        .formatted(name, address, online, tags);
  }
}
