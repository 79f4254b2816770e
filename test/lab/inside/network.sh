# Sourced by init.sh: one switch, and on it a client, two directors, three real servers and a mail server.
ip link set lo up
# A switch that learns who listens to which group would lose the first questions for IPv6 neighbours.
ip link add br0 type bridge forward_delay 0 mcast_snooping 0
ip link set br0 up
number=1
for host in client dir1 dir2 rs1 rs2 rs3 mail; do
  ip netns add $host
  ip -n $host link set lo up
  ip link add v$host type veth peer name eth0 netns $host
  ip link set v$host master br0 up
  ip -n $host addr add 10.9.0.$number/24 dev eth0
  ip -n $host link set eth0 up
  # Holds the namespace open, and its /proc/PID/net for the agent to read.
  ip netns exec $host sleep infinity &
  echo $! >/run/netns-$host.pid
  number=$((number + 1))
done
# NAT's answers must come back through the director: for the client's first address, by a route; DR and TUN answer
# its second address directly.
ip -n client addr add 10.9.0.11/24 dev eth0
for host in dir1 dir2; do
  ip netns exec $host sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
    for name in all eth0; do echo 0 >/proc/sys/net/ipv4/conf/$name/send_redirects; done'
done
for host in rs1 rs2 rs3; do
  ip -n $host route add 10.9.0.1/32 via 10.9.0.2
  ip netns exec $host sh -c 'echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore
    echo 2 >/proc/sys/net/ipv4/conf/all/arp_announce
    ip link set tunl0 up
    for name in all tunl0; do echo 0 >/proc/sys/net/ipv4/conf/$name/rp_filter; done'
  for vip in 100 101 102; do ip -n $host addr add 10.9.0.$vip/32 dev lo; done
done
