#!/bin/bash
# Process 1 of the lab's guest: its world is the host's file system, read-only, with all that is written on tmpfs; then
# the namespaces of network.sh and the agent, which the test drives over the serial line; then the power is cut.
# Environment (from the kernel's command line): LAB_REPO, the repository; LAB_SHARE, a folder shared with the
# test; LAB_NODE, the node to run.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/run/home LANG=C
share=$LAB_SHARE repo=$LAB_REPO
# A test may put programs into /run/bin that stand before the system's.
export PATH=/run/bin:${LAB_NODE%/*}:$PATH
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/log /run/home /run/share /run/modules/lib/modules
mount -t hostfs -o "$share" none /run/share
mount -t tmpfs tmpfs /var/tmp
mount -t tmpfs tmpfs /tmp
if [ ! -d "$repo" ]; then
  mkdir -p "$repo"
  mount -t hostfs -o "$repo" none "$repo"
fi
# The programs of this folder are TypeScript in the repository; here stands what tsc made of them.
mount -t hostfs -o "$share/inside" none "$repo/test/lab/inside"
ln -s /usr/lib/uml/modules/* /run/modules/lib/modules/
for module in ip_vs ip_vs_rr ip_vs_wrr ip_vs_wlc ip_vs_sh veth bridge ipip; do
  modprobe -d /run/modules "$module" || echo "lab: no kernel module $module"
done
. /run/share/network.sh
stty -F /dev/ttyS0 raw -echo
cd "$repo" && node test/lab/inside/agent.js
sync
poweroff -f
