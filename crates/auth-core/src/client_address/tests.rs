use std::net::{IpAddr, Ipv4Addr};

use http::{HeaderMap, Method};
use proptest::{collection::vec, prelude::*, sample::select};

use super::{ClientAddresses, ForwardingHeader, TrustedProxies};
use crate::Request;

const PEER: &str = "10.0.0.1";

fn of(proxies: TrustedProxies, peer: Option<&str>, lines: &[(&str, &[u8])]) -> Option<IpAddr> {
    let addresses = ClientAddresses::new(proxies).expect("good proxies");
    let request = Request::from_raw("GET", "/", lines.iter().copied()).expect("a method");
    let peer = peer.map(|peer| peer.parse().expect("an address"));
    addresses.of(&request.with_peer_address(peer))
}

fn forwarded(proxies: TrustedProxies) -> TrustedProxies {
    proxies.header(ForwardingHeader::Forwarded)
}

#[track_caller]
fn expect(proxies: TrustedProxies, lines: &[(&str, &str)], wanted: &str) {
    let bytes: Vec<_> = lines.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
    let found = of(proxies, Some(PEER), &bytes);
    assert_eq!(found, Some(wanted.parse().expect("an address")), "{lines:?}");
}

#[test]
fn without_trusted_proxies_no_header_is_read() {
    let lines = [("x-forwarded-for", "192.0.2.7"), ("forwarded", "for=192.0.2.7")];
    expect(TrustedProxies::none(), &lines, PEER);
    expect(TrustedProxies::default(), &lines, PEER);
    expect(forwarded(TrustedProxies::none()), &lines, PEER);
    expect(TrustedProxies::networks(["10.0.0.2"]), &lines, PEER);
    expect(TrustedProxies::networks(Vec::<String>::new()), &lines, PEER);
    assert_eq!(of(TrustedProxies::none(), None, &[]), None);
    // One header is read, and it is the named one.
    expect(TrustedProxies::count(1), &[("forwarded", "for=192.0.2.7")], PEER);
    expect(forwarded(TrustedProxies::count(1)), &[("x-forwarded-for", "192.0.2.7")], PEER);
}

#[test]
fn an_address_is_read_in_every_form_that_proxies_write() {
    for (node, wanted) in [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7\t", "192.0.2.7"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:DB8::7]:443", "2001:db8::7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("[::ffff:192.0.2.7]:80", "192.0.2.7"),
        // What says nothing: the socket.
        ("", PEER),
        ("unknown", PEER),
        ("UNKNOWN:80", PEER),
        ("_hidden", PEER),
        ("_SEVKISEK:_port", PEER),
        ("_", PEER),
        ("localhost", PEER),
        ("192.0.2", PEER),
        ("192.0.2.256", PEER),
        ("192.0.2.07", PEER),
        ("192.0.2.7:", PEER),
        ("192.0.2.7:65536", PEER),
        ("192.0.2.7:+80", PEER),
        ("192.0.2.7/24", PEER),
        ("[192.0.2.7]", PEER),
        ("[2001:db8::7", PEER),
        ("[2001:db8::7]x", PEER),
        ("[2001:db8::7]:x", PEER),
        ("fe80::1%eth0", PEER),
        ("2001:db8::7::1", PEER),
    ] {
        expect(TrustedProxies::count(1), &[("X-Forwarded-For", node)], wanted);
        let quoted = format!("for=\"{}\"", node.trim());
        expect(forwarded(TrustedProxies::count(1)), &[("Forwarded", &quoted)], wanted);
    }
}

#[test]
fn forwarded_is_read_as_rfc_7239_has_it() {
    for (element, wanted) in [
        ("for=192.0.2.7", "192.0.2.7"),
        ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
        ("proto=http;by=203.0.113.43;for=192.0.2.60", "192.0.2.60"),
        ("for=192.0.2.60; proto=http; by=203.0.113.43", "192.0.2.60"),
        (";;FOR=192.0.2.60;", "192.0.2.60"),
        ("for=192.0.2.60;note=\"a, b; for=192.0.2.61 \\\" \\\\\"", "192.0.2.60"),
        ("for=\"192.0.2.\\60\"", "192.0.2.60"),
        ("host=example.com", PEER),
        ("for", PEER),
        ("for=", PEER),
        ("for=192.0.2.60;for=192.0.2.60", PEER),
        ("for=\"192.0.2.60", PEER),
        ("for=192.0.2.60\"", PEER),
        ("for=\"192.0.2.60\"x", PEER),
        ("for=192.0.2.60;note=\"\\", PEER),
        ("192.0.2.60", PEER),
    ] {
        expect(forwarded(TrustedProxies::count(1)), &[("forwarded", element)], wanted);
    }
}

#[test]
fn the_nth_from_the_right_counts_over_all_lines_in_their_order() {
    let lines = [
        ("x-forwarded-for", "192.0.2.1, 192.0.2.2"),
        ("cookie", "a=1"),
        ("x-forwarded-for", " ,192.0.2.3 ,,"),
        ("X-FORWARDED-FOR", "192.0.2.4"),
    ];
    for (proxies, wanted) in [
        (0, PEER),
        (1, "192.0.2.4"),
        (2, "192.0.2.3"),
        (3, "192.0.2.2"),
        (4, "192.0.2.1"),
        // There are fewer: the farthest that is known.
        (5, "192.0.2.1"),
        (16, "192.0.2.1"),
    ] {
        expect(TrustedProxies::count(proxies), &lines, wanted);
    }
    // By a Unix socket.
    let lines: [(&str, &[u8]); 1] = [("x-forwarded-for", b"192.0.2.4")];
    let found = of(TrustedProxies::count(1), None, &lines);
    assert_eq!(found, Some(Ipv4Addr::new(192, 0, 2, 4).into()));
    assert_eq!(of(TrustedProxies::networks(["10.0.0.0/8"]), None, &lines), None);
}

#[test]
fn nonsense_and_silence_leave_the_last_good_hop() {
    let line = |value| [("x-forwarded-for", value)];
    let count = TrustedProxies::count;
    expect(count(2), &line("192.0.2.1, unknown, 192.0.2.3"), "192.0.2.3");
    expect(count(3), &line("192.0.2.1, unknown, 192.0.2.3"), "192.0.2.1");
    expect(count(3), &line("192.0.2.1, ???, 192.0.2.3"), "192.0.2.3");
    let networks = || TrustedProxies::networks(["10.0.0.0/8", "192.0.2.3"]);
    expect(networks(), &line("192.0.2.1, unknown, 192.0.2.3"), "192.0.2.3");
    expect(networks(), &line("192.0.2.1, ???, 10.9.9.9, 192.0.2.3"), "10.9.9.9");
    expect(networks(), &line("192.0.2.1, 192.0.2.3, 192.0.2.2, 10.9.9.9"), "192.0.2.2");
    // From within: nobody but proxies.
    expect(networks(), &line("10.1.1.1, 10.9.9.9"), "10.1.1.1");
    expect(networks(), &line(""), PEER);
    expect(TrustedProxies::networks(["::1", PEER]), &line("::ffff:10.0.0.1"), PEER);
}

#[test]
fn what_is_absurdly_long_costs_no_more_than_what_is_short() {
    let spaces = " ".repeat(1 << 20);
    let commas = ",".repeat(1 << 20);
    let addresses = "192.0.2.1,".repeat(1 << 17);
    let backslashes = format!("for=192.0.2.9, for=\"{}\"", "\\".repeat(1 << 20));
    for value in [&spaces, &commas, &format!("192.0.2.9{commas}"), &backslashes] {
        expect(TrustedProxies::count(1), &[("x-forwarded-for", value)], PEER);
        expect(forwarded(TrustedProxies::count(1)), &[("forwarded", value)], PEER);
    }
    expect(TrustedProxies::count(16), &[("x-forwarded-for", &addresses)], "192.0.2.1");
    let trusting = TrustedProxies::networks(["10.0.0.1", "192.0.2.0/24"]);
    expect(trusting, &[("x-forwarded-for", &format!("198.51.100.1,{addresses}"))], "192.0.2.1");
    let lines = vec![("x-forwarded-for", "192.0.2.1"); 10_000];
    expect(TrustedProxies::count(16), &lines, "192.0.2.1");
}

#[test]
fn proxies_that_cannot_be_meant_are_refused_at_the_start() {
    for (proxies, why) in [
        (TrustedProxies::count(17), "17 proxies one behind the other; expected 16 at most"),
        (TrustedProxies::networks(["10.0.0.0/33"]), "`10.0.0.0/33` is neither"),
        (TrustedProxies::networks(["10.0.0.1", "proxy.internal"]), "`proxy.internal` is neither"),
        (TrustedProxies::networks(["0.0.0.0/0"]), "`0.0.0.0/0` trusts everybody"),
        (TrustedProxies::networks(["::/0"]), "`::/0` trusts everybody"),
        (TrustedProxies::networks(["::ffff:10.0.0.0/104"]), "write it as version 4"),
    ] {
        let error = ClientAddresses::new(proxies).err().expect(why).to_string();
        assert!(error.starts_with("`trusted_proxies`: ") && error.contains(why), "{error}");
    }
}

/// Bytes that may stand in a header's value, with those that matter more often.
fn header_value() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        3 => select(&b"\",;=\\[]:._ "[..]),
        3 => select(&b"for0123456789abcdef"[..]),
        1 => prop_oneof![Just(b'\t'), 0x20_u8..=0x7e, 0x80_u8..=0xff],
    ];
    vec(byte, 0..120)
}

fn address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![any::<[u8; 4]>().prop_map(IpAddr::from), any::<[u8; 16]>().prop_map(IpAddr::from)]
}

proptest! {
    /// What a client writes stands to the left of what the proxy appends, in the same line or in one
    /// before.
    #[test]
    fn nothing_that_a_client_writes_moves_the_rightmost_element(
        written in vec(header_value(), 0..4),
        client in address(),
        port in any::<Option<u16>>(),
        same_line in any::<bool>(),
    ) {
        let port = port.map_or(String::new(), |port| format!(":{port}"));
        let node = match client {
            IpAddr::V4(_) => format!("{client}{port}"),
            IpAddr::V6(_) => format!("[{client}]{port}"),
        };
        for (proxies, name, appended) in [
            (TrustedProxies::count(1), "x-forwarded-for", node.clone()),
            (TrustedProxies::networks([PEER]), "x-forwarded-for", node.clone()),
            (forwarded(TrustedProxies::count(1)), "forwarded", format!("for=\"{node}\";proto=http")),
            (forwarded(TrustedProxies::networks([PEER])), "forwarded", format!("for=\"{node}\"")),
        ] {
            let mut lines = written.clone();
            match lines.last_mut().filter(|_| same_line) {
                Some(last) => last.extend_from_slice(format!(", {appended}").as_bytes()),
                None => lines.push(appended.into_bytes()),
            }
            let lines: Vec<_> = lines.iter().map(|line| (name, line.as_slice())).collect();
            let found = of(proxies, Some(PEER), &lines);
            prop_assert_eq!(found, Some(client.to_canonical()), "{:?}", lines);
        }
    }

    #[test]
    fn any_header_leaves_an_address(
        lines in vec(header_value(), 0..5),
        proxies in 0_usize..=16,
        peer in address(),
    ) {
        let peer = peer.to_string();
        for header in [ForwardingHeader::XForwardedFor, ForwardingHeader::Forwarded] {
            let lines: Vec<_> = lines.iter().map(|line| (header.name(), line.as_slice())).collect();
            for named in [
                TrustedProxies::count(proxies),
                TrustedProxies::networks(["0.0.0.0/1", "8000::/1", "10.0.0.0/8"]),
            ] {
                let found = of(named.header(header), Some(&peer), &lines).expect("the peer at least");
                prop_assert_eq!(found, found.to_canonical());
            }
        }
    }
}

#[test]
fn an_address_of_version_4_is_one_whatever_the_socket_is() {
    let request = Request::new(Method::GET, "/", &HeaderMap::new());
    let mapped = "::ffff:192.0.2.7".parse().ok();
    let wanted: IpAddr = "192.0.2.7".parse().expect("an address");
    assert_eq!(request.with_peer_address(mapped).peer_address(), Some(wanted));
}
