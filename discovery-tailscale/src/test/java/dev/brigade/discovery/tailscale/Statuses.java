package dev.brigade.discovery.tailscale;

/**
 * The daemon's status as tailscaled 1.94.1 gives it on a tailnet of headscale 0.28; {@code
 * RealTailnetTest} compares the two.
 */
final class Statuses {
  private Statuses() {}

  static String running(String... peers) {
    return """
    {"Version":"1.94.1-t1234567","TUN":false,"BackendState":"Running",
     "HaveNodeKey":true,"AuthURL":"","TailscaleIPs":["100.64.0.1","fd7a:115c:a1e0::1"],
     "Self":{"ID":"1","PublicKey":"nodekey:00","HostName":"self",
       "DNSName":"self.tailnet.test.","OS":"linux","UserID":1,
       "TailscaleIPs":["100.64.0.1","fd7a:115c:a1e0::1"],
       "AllowedIPs":["100.64.0.1/32","fd7a:115c:a1e0::1/128"],"Addrs":["192.0.2.2:53570"],
       "CurAddr":"","Relay":"here","PeerRelay":"","RxBytes":0,"TxBytes":0,%s
       "Online":true,"ExitNode":false,"ExitNodeOption":false,"Active":false,
       "PeerAPIURL":["http://100.64.0.1:58436"],"TaildropTarget":0,"NoFileSharingReason":"",
       "Capabilities":["https://tailscale.com/cap/ssh"],
       "CapMap":{"https://tailscale.com/cap/ssh":[]},
       "InNetworkMap":true,"InMagicSock":false,"InEngine":false},
     "Health":["getting OS base config is not supported"],"MagicDNSSuffix":"tailnet.test",
     "CurrentTailnet":{"Name":"127.0.0.1","MagicDNSSuffix":"tailnet.test",
       "MagicDNSEnabled":true},
     "CertDomains":null,"Peer":%s,
     "User":{"1":{"ID":1,"LoginName":"people","DisplayName":"people"}},"ClientVersion":null}
    """
        .formatted(TIMES, peers.length == 0 ? "null" : "{" + String.join(",", peers) + "}");
  }

  private static final String TIMES =
      """
      "Created":"2026-11-24T11:55:58.682504354Z","LastWrite":"0001-01-01T00:00:00Z",
      "LastSeen":"0001-01-01T00:00:00Z","LastHandshake":"0001-01-01T00:00:00Z",""";

  static String inState(String state, String authUrl) {
    return """
    {"Version":"1.94.1-t1234567","TUN":false,"BackendState":"%s","AuthURL":"%s",
     "TailscaleIPs":null,
     "Self":{"ID":"","PublicKey":"nodekey:00","HostName":"self","DNSName":"","OS":"linux",
       "UserID":0,"TailscaleIPs":null,"Addrs":[],"CurAddr":"","Relay":"","PeerRelay":"",
       "RxBytes":0,"TxBytes":0,%s"Online":false,"ExitNode":false,"ExitNodeOption":false,
       "Active":false,"PeerAPIURL":null,"TaildropTarget":0,"NoFileSharingReason":"",
       "InNetworkMap":false,"InMagicSock":false,"InEngine":false},
     "Health":["Tailscale is stopped."],"MagicDNSSuffix":"","CurrentTailnet":null,
     "CertDomains":null,"Peer":null,"User":null,"ClientVersion":null}
    """
        .formatted(state, authUrl, TIMES);
  }

  static String peer(String name, String address, boolean online, String tag) {
    String tags = tag.isEmpty() ? "" : "\"Tags\":[\"tag:other\",\"%s\"],".formatted(tag);
    return """
    "nodekey:%1$s":{"ID":"%1$s","PublicKey":"nodekey:%1$s","HostName":"%1$s",
      "DNSName":"%1$s.tailnet.test.","OS":"linux","UserID":1,
      "TailscaleIPs":["%2$s","fd7a:115c:a1e0::%1$s"],
      "AllowedIPs":["%2$s/32","fd7a:115c:a1e0::%1$s/128"],%4$s"Addrs":null,
      "CurAddr":"127.0.0.1:53682","Relay":"here","PeerRelay":"","RxBytes":3196,"TxBytes":1876,%5$s
      "Online":%3$s,"ExitNode":false,"ExitNodeOption":false,"Active":true,
      "PeerAPIURL":["http://%2$s:34152"],"TaildropTarget":0,"NoFileSharingReason":"",
      "CapMap":{"https://tailscale.com/cap/ssh":[]},
      "InNetworkMap":true,"InMagicSock":true,"InEngine":true}
    """
        .formatted(name, address, online, tags, TIMES);
  }
}
