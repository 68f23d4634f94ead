#!/bin/sh
# hostpci: tells what a Proxmox VE host is and has, for passing PCI devices through. It reads and prints, and changes
# nothing. Run it as root for a full picture; without root it says what it could not read:
#
#     ssh root@pve sh -s < collect.sh > pve.snapshot
#
# It needs a POSIX shell, sed, grep and coreutils (busybox will do). Passwords, keys, serial numbers, MAC addresses and
# the notes of guests are left out or masked before anything is printed: see "redact" at the end.
#
# Shell builtins do the bulk of the reading, because a process for each of some thousand attributes would take seconds:
# `read` for a file of one line, `cd -P` and $PWD for the target of a link.

LC_ALL=C TZ=UTC0
# The PATH of an ordinary user lacks the folders where modinfo and others live.
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL TZ PATH
umask 077
# For tests: a copy of a host's files below another folder.
root=${HOSTPCI_ROOT-}
nl='
'
tab=$(printf '\t')
cr=$(printf '\r')

# ---------------------------------------------------------------------------------------------------- small tools

# section NAME STATUS [REASON]
section() { printf '\n== %s: %s\n' "$1" "$2${3:+, $3}"; }

# limit SECONDS COMMAND …: runs the command, but not for ever.
limit() { limit_loud "$@" 2>/dev/null; }
if command -v timeout >/dev/null 2>&1; then
  limit_loud() { timeout "$@" </dev/null; }
else
  limit_loud() { shift; "$@" </dev/null; }
fi

has() { command -v "$1" >/dev/null 2>&1; }

# line FILE: its first line goes to $line.
line() {
  line=
  [ -r "$1" ] || return 1
  read -r line <"$1" 2>/dev/null || [ -n "$line" ]
}

# fact KEY VALUE: says nothing when the value is empty.
fact() { [ -z "$2" ] || printf '%s: %s\n' "$1" "$2"; }

# physical LINK: the folder that a link leads to goes to $path.
physical() {
  path=
  cd -P "$1" 2>/dev/null || return 1
  path=$PWD
  cd /
}

# pci_of PATH: the last PCI address in a path below /sys/devices goes to $pci.
pci_of() {
  pci=
  IFS=/
  for part in $1; do
    case $part in
      *[!0-9a-f:.]*) ;;
      *[0-9a-f]:[0-9a-f][0-9a-f]:[01][0-9a-f].[0-7]) pci=$part ;;
    esac
  done
  unset IFS
  [ -n "$pci" ]
}

# token TEXT: the text as one word of a list goes to $token.
token() {
  case $1 in
    *[\"\\]* | '') token='?' ;;
    *[' '"$tab"]*) token="\"$1\"" ;;
    *) token=$1 ;;
  esac
}

# iso SECONDS: seconds since 1970 as date and time in UTC go to $iso.
iso() {
  iso=
  case $1 in '' | *[!0-9]*) return 1 ;; esac
  day=$(($1 / 86400 + 719468)) second=$(($1 % 86400))
  era=$((day / 146097)) of_era=$((day % 146097))
  year=$(((of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365))
  of_year=$((of_era - 365 * year - year / 4 + year / 100))
  month=$(((5 * of_year + 2) / 153))
  day=$((of_year - (153 * month + 2) / 5 + 1))
  month=$((month < 10 ? month + 3 : month - 9))
  year=$((year + era * 400 + (month < 3)))
  for part in $month $day $((second / 3600)) $((second / 60 % 60)) $((second % 60)); do
    [ "$part" -gt 9 ] || part=0$part
    iso=$iso$part
  done
  rest=${iso#??}
  clock=${rest#??}
  iso=$year-${iso%"$rest"}-${rest%"$clock"}T${clock%????}
  rest=${clock#??}
  iso=$iso:${rest%??}:${rest#??}Z
}

# size BYTES: in the largest binary unit that divides it goes to $size.
size() {
  size=$1 unit=
  for next in K M G T; do
    [ "$size" -gt 0 ] && [ $((size % 1024)) -eq 0 ] || break
    size=$((size / 1024)) unit=$next
  done
  size=$size$unit
}

# ----------------------------------------------------------------------------------------------------- the host

host() {
  section host ok
  line "$root/proc/sys/kernel/hostname" || line "$root/etc/hostname"
  node=${line%%.*}
  fact node "$node"
  fact taken "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  while read -r key value rest; do
    [ "$key" != MemTotal: ] || { fact memory-kib "$value"; break; }
  done 2>/dev/null <"$root/proc/meminfo"
  if [ -d "$root/sys/class/iommu" ]; then
    units=
    for unit in "$root"/sys/class/iommu/*; do [ ! -e "$unit" ] || units="$units ${unit##*/}"; done
    units=${units# }
    fact iommu "${units:-none}"
  elif [ -d "$root/sys/class" ]; then
    fact iommu none
  fi
}

kernel() {
  section kernel ok
  line "$root/proc/sys/kernel/osrelease"
  release=$line
  fact release "$release"
  iso "$(grep -s '^btime ' "$root/proc/stat" | cut -d' ' -f2)"
  fact booted "$iso"
  line "$root/proc/cmdline"
  cmdline=$line
  fact command-line "$cmdline"
  installed=
  for image in "$root"/boot/vmlinuz-*; do [ ! -e "$image" ] || installed="$installed ${image##*/vmlinuz-}"; done
  [ -z "$installed" ] || printf 'installed:%s\n' "$installed"
}

boot() {
  section boot ok
  vars=$root/sys/firmware/efi/efivars
  if [ -d "$root/sys/firmware/efi" ]; then
    fact efi yes
    # Four bytes of attributes, then the value.
    case $(od -An -tu1 -j4 -N1 "$vars"/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c 2>/dev/null) in
      *1) fact secure-boot yes ;;
      *0) fact secure-boot no ;;
    esac
    loader=$(tr -cd '[:print:]' <"$vars"/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f 2>/dev/null)
  elif [ -d "$root/sys/firmware" ]; then
    fact efi no
    fact secure-boot no
    loader=
  fi
  case $loader,$cmdline in
    *systemd-boot*,*) fact loader systemd-boot ;;
    *GRUB*,* | *,BOOT_IMAGE=*) fact loader grub ;;
    *,*initrd=\\EFI\\*) fact loader systemd-boot ;;
  esac
  if [ -s "$root/etc/kernel/proxmox-boot-uuids" ]; then
    fact proxmox-boot-tool yes
  elif [ -d "$root/etc/kernel" ]; then
    fact proxmox-boot-tool no
  fi
  ! line "$root/etc/kernel/proxmox-boot-pin" || fact pinned-kernel "$line"
}

# Versions as dpkg knows them; the packages whose absence matters as well.
packages() {
  names='pve-manager qemu-server pve-qemu-kvm libpve-guest-common-perl libpve-common-perl pve-container kmod
    sysfsutils driverctl dkms mdevctl pciutils proxmox-kernel-helper initramfs-tools dracut systemd-boot grub-efi-amd64
    grub-pc pve-edk2-firmware-ovmf pve-nvidia-vgpu-helper intel-microcode amd64-microcode i915-sriov-dkms
    vendor-reset-dkms openvswitch-switch ifupdown2 zfsutils-linux lvm2 corosync ceph-osd'
  if ! has dpkg-query; then
    section packages unreadable 'dpkg-query is not installed'
    return
  fi
  found=$nl$(limit 5 dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' $names)$nl
  # It fails for packages that it does not know, but it knows some.
  if [ "$found" = "$nl$nl" ]; then
    section packages unreadable 'dpkg-query says nothing'
    return
  fi
  section versions ok
  for pair in pve-manager:pve-manager qemu-server:qemu-server qemu:pve-qemu-kvm \
    guest-common:libpve-guest-common-perl container:pve-container kmod:kmod; do
    version_of "${pair#*:}"
    fact "${pair%%:*}" "$version"
  done
  section packages ok
  for name in $names; do
    version_of "$name"
    printf '%s: %s\n' "$name" "${version:-none}"
  done
}

# version_of PACKAGE: of the installed package in $found goes to $version.
version_of() {
  version=
  case $found in *"$nl$1 "*) ;; *) return ;; esac
  version=${found#*"$nl$1 "}
  version=${version%%"$nl"*}
  case $version in *' installed') version=${version% *} ;; *) version= ;; esac
}

cpu() {
  [ -r "$root/proc/cpuinfo" ] || { section cpu unreadable 'no /proc/cpuinfo'; return; }
  section cpu ok
  while IFS=: read -r key value; do
    value=${value# }
    case $key in
      vendor_id*) fact vendor "$value" ;;
      'model name'*) fact model "$value" ;;
      'cpu family'*) fact family "$value" ;;
      model*) fact model-number "$value" ;;
      'address sizes'*) fact physical-bits "${value%% *}" ;;
      flags*)
        case " $value " in *' vmx '* | *' svm '*) fact virtualization yes ;; *) fact virtualization no ;; esac
        case " $value " in *' hypervisor '*) fact hypervisor yes ;; *) fact hypervisor no ;; esac
        ;;
      '') break ;;
    esac
  done <"$root/proc/cpuinfo"
  fact threads "$(grep -c '^processor' "$root/proc/cpuinfo")"
}

# What QEMU needs beside the CPU. A copy of a host's files has no devices, and says nothing.
virtualization() {
  group=
  if [ -r "$root/sys/fs/cgroup/cgroup.controllers" ]; then
    group=2
    line "$root/sys/fs/cgroup/cgroup.controllers"
    controllers=$line
  elif [ -r "$root/proc/cgroups" ] && [ -d "$root/sys/fs/cgroup/memory" ]; then
    group=1 controllers=
    while read -r name rest; do
      case $name,$rest in '#'*) ;; *1) controllers="$controllers $name" ;; esac
    done <"$root/proc/cgroups"
  fi
  [ -e "$root/dev/null" ] || [ -n "$group" ] || return
  section virtualization ok
  if [ -e "$root/dev/null" ]; then
    there kvm kvm
    [ ! -e "$root/dev/kvm" ] || { [ -r "$root/dev/kvm" ] && [ -w "$root/dev/kvm" ] && fact kvm-access yes || fact kvm-access no; }
    there vhost-net vhost-net
    there tun net/tun
  fi
  fact cgroup "$group"
  [ -z "$group" ] || fact controllers "${controllers# }"
}

# there KEY NODE: whether there is a device node below /dev.
there() { if [ -e "$root/dev/$2" ]; then fact "$1" yes; else fact "$1" no; fi; }

# ----------------------------------------------------------------------------------------------- PCI functions

# What hangs on a function, by reading the classes once: interface names go to a variable for each address.
interfaces() {
  for entry in "$root"/sys/class/net/* "$root"/sys/block/* "$root"/sys/class/drm/card* "$root"/sys/class/drm/renderD*; do
    name=${entry##*/}
    case $name in lo | loop* | ram* | zram* | card*-* | '*' | 'card*' | 'renderD*') continue ;; esac
    physical "$entry" && pci_of "$path" || continue
    # Of a disk with several paths only the disk itself is of interest, not its paths.
    case $name in nvme*c*n*) physical_nvme "$name" ;; esac
    belongs "$pci" "$name"
  done
  for entry in "$root"/sys/bus/usb/devices/usb*; do
    physical "$entry" && pci_of "$path" && belongs "$pci" "${entry##*/}"
  done
}

# nvme0c1n1, one path of several to a disk, is the disk nvme0n1.
physical_nvme() { name=${1%%c*}n${1##*n}; }

# belongs ADDRESS NAME
belongs() {
  IFS=:.
  set -- "$2" $1
  unset IFS
  eval "case \" \${interfaces_$2_$3_$4_$5-} \" in
    *\" \$1 \"*) ;;
    *) interfaces_$2_$3_$4_$5=\"\${interfaces_$2_$3_$4_$5-} \$1\" ;;
  esac"
}

# interfaces_of ADDRESS: go to $names.
interfaces_of() {
  IFS=:.
  set -- $1
  unset IFS
  eval "names=\${interfaces_$1_$2_$3_$4-}"
}

# The names of functions in the format of lspci -vmm, from lspci or from the file that lspci reads.
pci_names() {
  if has lspci; then
    limit 10 lspci -Dvmmnnk
    return
  fi
  for ids in /usr/share/misc/pci.ids /usr/share/misc/pci.ids.gz /usr/share/hwdata/pci.ids; do
    [ -r "$root$ids" ] && has awk || continue
    # What the script reads first: a line for each function, then the file of names.
    {
      for dev in "$root"/sys/bus/pci/devices/*; do
        line "$dev/class" && class=$line && line "$dev/vendor" && vendor=$line && line "$dev/device" &&
          printf 'F %s %s %s %s\n' "${dev##*/}" "$class" "$vendor" "$line"
      done
      case $ids in *.gz) gzip -dc "$root$ids" 2>/dev/null ;; *) cat "$root$ids" ;; esac
    } | names_of_file
    return
  done
}

names_of_file() {
  awk '
    /^F / {
      count++
      slot[count] = $2; class[count] = substr($3, 3, 4); vendor[count] = substr($4, 3); device[count] = substr($5, 3)
      wanted[vendor[count]] = 1
      next
    }
    /^C / { group = substr($0, 3, 2); group_name[group] = substr($0, 7); in_classes = 1; next }
    in_classes && /^\t[0-9a-f]/ { class_name[group substr($0, 2, 2)] = substr($0, 6); next }
    /^[0-9a-f]/ { current = substr($0, 1, 4); if (current in wanted) vendor_name[current] = substr($0, 7); next }
    /^\t[0-9a-f]/ { if (current in wanted) device_name[current substr($0, 2, 4)] = substr($0, 8) }
    END {
      for (i = 1; i <= count; i++) {
        print "Slot:\t" slot[i]
        # As lspci does: a class that has no name is called like its base class.
        group = substr(class[i], 1, 2)
        if (class[i] in class_name) print "Class:\t" class_name[class[i]] " [" class[i] "]"
        else if (group in group_name) print "Class:\t" group_name[group] " [" class[i] "]"
        if (vendor[i] in vendor_name) print "Vendor:\t" vendor_name[vendor[i]] " [" vendor[i] "]"
        key = vendor[i] device[i]
        if (key in device_name) print "Device:\t" device_name[key] " [" device[i] "]"
        print ""
      }
    }'
}

# The next record of pci_names on standard input goes to $slot and to $n_class, $n_vendor …
next_names() {
  slot= n_class= n_vendor= n_device= n_subsystem= n_modules= whole=
  while IFS=: read -r key value; do
    value=${value#"$tab"}
    case $key in
      Slot) slot=$value ;;
      Class) n_class=${value% \[*} ;;
      Vendor) n_vendor=${value% \[*} ;;
      Device) n_device=${value% \[*} ;;
      SDevice) n_subsystem=${value% \[*} ;;
      Module) n_modules="$n_modules $value" ;;
      '') [ -z "$slot" ] || { whole=1; break; } ;;
    esac
  done
  # A command that was stopped for being slow leaves half a record.
  [ -n "$whole" ] || slot=
  case $n_class in 'Class') n_class= ;; esac
  case $n_vendor in Vendor | Device) n_vendor= ;; esac
  case $n_device in Device) n_device= ;; esac
  case $n_subsystem in Device) n_subsystem= ;; esac
  [ -n "$slot" ]
}

# Reads the names from standard input, in the same order as the functions in sysfs.
pci_functions() {
  if [ ! -d "$root/sys/bus/pci/devices" ]; then
    section 'pci functions' unreadable 'no /sys/bus/pci'
    return
  fi
  section 'pci functions' ok
  printf 'default\n  boot-vga: no\n  bridge: no\n  mdev: none\n  rom: no\n  interfaces: none\n'
  interfaces
  next_names
  for dev in "$root"/sys/bus/pci/devices/*; do
    [ -e "$dev/vendor" ] || continue
    address=${dev##*/}
    [ "$slot" = "$address" ] || next_names
    record=$address
    identity
    binding
    abilities
    virtual_functions
    mediated
    resources
    interfaces_of "$address"
    [ -z "$names" ] || record="$record$nl  interfaces:$names"
    printf '%s\n' "$record"
  done
}

# add KEY VALUE: to the record, unless the value is empty.
add() { [ -z "$2" ] || record="$record$nl  $1: $2"; }

identity() {
  [ "$slot" = "$address" ] || n_class= n_vendor= n_device= n_subsystem= n_modules=
  line "$dev/class"
  class=${line#0x} class=${class%??}
  add class "$class${n_class:+ $n_class}"
  line "$dev/vendor" && add vendor "${line#0x}${n_vendor:+ $n_vendor}"
  line "$dev/device" && add device "${line#0x}${n_device:+ $n_device}"
  line "$dev/subsystem_vendor"
  subsystem=${line#0x}
  line "$dev/subsystem_device"
  subsystem=$subsystem:${line#0x}
  case $subsystem in 0000:0000 | :*) ;; *) add subsystem "$subsystem${n_subsystem:+ $n_subsystem}" ;; esac
  line "$dev/revision" && add revision "${line#0x}"
}

binding() {
  if physical "$dev/driver"; then add driver "${path##*/}"; else add driver none; fi
  if [ "$slot" = "$address" ] && has lspci; then
    n_modules=${n_modules# }
    add modules "${n_modules:-none}"
  fi
  if physical "$dev/iommu_group"; then add group "${path##*/}"; else add group none; fi
  line "$dev/driver_override"
  case $line in '' | '(null)') ;; *) add driver-override "$line" ;; esac
  line "$dev/numa_node"
  case $line in '' | -*) ;; *) add numa "$line" ;; esac
}

abilities() {
  if [ -e "$dev/reset" ]; then add reset yes; else add reset no; fi
  line "$dev/reset_method" && add reset-methods "$line"
  line "$dev/boot_vga" && [ "$line" = 1 ] && add boot-vga yes
  [ ! -d "$dev/pci_bus" ] || add bridge yes
  [ ! -e "$dev/rom" ] || add rom yes
}

virtual_functions() {
  physical "$dev/physfn" && add pf "${path##*/}"
  line "$dev/sriov_totalvfs" || return
  add vf-total "$line"
  line "$dev/sriov_numvfs" && add vf-count "$line"
  vfs= index=0
  while physical "$dev/virtfn$index"; do
    vfs="$vfs ${path##*/}"
    index=$((index + 1))
  done
  vfs=${vfs# }
  add vfs "${vfs:-none}"
}

# Mediated device types and the vGPU types of newer NVIDIA drivers.
mediated() {
  for type in "$dev"/mdev_supported_types/*; do
    [ -d "$type" ] || continue
    line "$type/available_instances"
    available=${line:-?}
    line "$type/name"
    token "$line"
    name=$token text=
    while IFS= read -r line || [ -n "$line" ]; do text="$text${text:+, }$line"; done 2>/dev/null <"$type/description"
    token "$text"
    add mdev "${type##*/} mdev $available $name $token"
  done
  [ -r "$dev/nvidia/creatable_vgpu_types" ] || return
  while read -r id colon name; do
    case $id in '' | *[!0-9]*) continue ;; esac
    token "$name"
    # Each virtual function carries one vGPU: what can be created can be created once.
    add mdev "nvidia-$id nvidia 1 $token ?"
  done <"$dev/nvidia/creatable_vgpu_types"
}

# The six BARs: start, end and flags of each; bit 13 of the flags says prefetchable.
resources() {
  [ -r "$dev/resource" ] || return
  index=0
  while [ $index -lt 6 ] && read -r start end flags; do
    if [ "$end" != 0x0000000000000000 ]; then
      size $(($end - $start + 1))
      [ $(($flags & 8192)) -eq 0 ] || size="$size prefetchable"
      add bar "$index $size"
    fi
    index=$((index + 1))
  done <"$dev/resource"
}

direct_regions() {
  groups=$root/sys/kernel/iommu_groups
  [ -d "$groups" ] || { section 'direct regions' absent 'no IOMMU groups'; return; }
  section 'direct regions' ok
  grep -ls ' direct$' "$groups"/*/reserved_regions | sed 's|/reserved_regions$||; s|.*/||' | sort -n
}

# ------------------------------------------------------------------------------- what the host itself stands on

# need ADDRESS KIND DETAIL: prints each need once.
need() {
  case $needs in *"$nl$1 $2 $3$nl"*) return ;; esac
  needs="$needs$1 $2 $3$nl"
  printf '%s\n  kind: %s\n  detail: %s\n' "$1" "$2" "$3"
}

host_needs() {
  if [ -n "$root" ] || [ "$(id -u)" = 0 ]; then
    section 'host needs' ok
  else
    section 'host needs' partly 'only root is told of the disks in volume groups and pools'
  fi
  needs=$nl
  need_disks
  need_pools
  need_networks
  need_console
  need_inputs
}

# disk_needs NAME KIND DETAIL: for the block device NAME and everything that it is made of.
disk_needs() {
  physical "$root/sys/class/block/$1" || return
  for part in "$path"/slaves/*; do
    [ -e "$part" ] && disk_needs "${part##*/}" "$2" "$3"
  done
  physical "$root/sys/class/block/$1"
  if pci_of "$path"; then
    need "$pci" "$2" "$3"
    return
  fi
  # An NVMe disk that could have several paths hangs on a subsystem, and that on its controllers.
  case $path in
    */nvme-subsys*)
      part=${path##*/nvme-subsys}
      for part in "${path%/nvme-subsys*}/nvme-subsys${part%%/*}"/nvme*; do
        physical "$part" && pci_of "$path" && need "$pci" "$2" "$3"
      done
      ;;
  esac
}

# block_name PATH: the kernel's name of a device below /dev goes to $block.
block_name() {
  block=${1#/dev/}
  case $1 in
    /dev/mapper/*)
      for part in "$root"/sys/class/block/dm-*; do
        line "$part/dm/name" && [ "$line" = "${1#/dev/mapper/}" ] && block=${part##*/} && return
      done
      ;;
    /dev/*/*)
      block=$(readlink -f "$root$1" 2>/dev/null)
      block=${block##*/}
      ;;
  esac
}

need_disks() {
  while read -r source mount type rest; do
    case $source in /dev/*) ;; *) continue ;; esac
    case $mount in /snap/* | /run/credentials/*) continue ;; esac
    case $mount in /) kind=root-disk ;; *) kind=disk ;; esac
    block_name "$source"
    disk_needs "$block" "$kind" "$mount"
  done 2>/dev/null <"$root/proc/mounts"
  while read -r source rest; do
    case $source in
      /dev/*)
        block_name "$source"
        disk_needs "$block" disk swap
        ;;
    esac
  done 2>/dev/null <"$root/proc/swaps"
}

# ZFS pools and LVM volume groups. The commands ask the kernel and can hang with a broken disk.
need_pools() {
  rootpool=$(grep -s '^[^ ]* / zfs ' "$root/proc/mounts" | sed 's|[/ ].*||;q')
  ! has zpool || limit 4 zpool list -vHPL | while read -r name rest; do
    case $name in
      /dev/*)
        block_name "$name"
        [ "$pool" != "$rootpool" ] || disk_needs "$block" root-disk /
        disk_needs "$block" disk "$pool"
        ;;
      mirror-* | raidz* | draid* | spare* | logs | cache | special | dedup | indirect-* | replacing-*) ;;
      *) pool=$name ;;
    esac
  done
  ! has pvs || limit 4 pvs --noheadings -o pv_name,vg_name | while read -r device group; do
    [ -n "$group" ] || continue
    block_name "$device"
    disk_needs "$block" disk "$group"
  done
}

# leaves INTERFACE: the physical interfaces below a bridge, bond or VLAN are added to $leaves, without their functions.
leaves() {
  if [ -e "$root/sys/class/net/$1/device" ]; then
    case " $leaves " in *" $1 "*) ;; *) leaves="$leaves $1" ;; esac
    return
  fi
  for part in "$root/sys/class/net/$1"/brif/* "$root/sys/class/net/$1"/lower_*; do
    [ -e "$part" ] || continue
    part=${part##*/}
    leaves "${part#lower_}"
  done
}

# interface_needs INTERFACE KIND DETAIL
interface_needs() {
  leaves=
  leaves "$1"
  for name in $leaves; do
    physical "$root/sys/class/net/$name/device" && pci_of "$path" && need "$pci" "$2" "$3"
  done
}

need_networks() {
  for bridge in "$root"/sys/class/net/*/bridge; do
    [ -d "$bridge" ] || continue
    bridge=${bridge%/bridge}
    interface_needs "${bridge##*/}" bridge-nic "${bridge##*/}"
  done
  # Open vSwitch has one device of this name, with the ports of all its bridges below it.
  [ ! -e "$root/sys/class/net/ovs-system" ] || interface_needs ovs-system bridge-nic ovs-system
  addresses=
  ! has ip || addresses=$(limit 3 ip -o addr)
  need_cluster_links
  need_own_networks
}

# The interfaces that the host itself is reached by. Of the addresses nothing is said.
need_own_networks() {
  set -- ${SSH_CONNECTION-}
  case ${3-} in
    '') ;;
    # The way on which this very script came.
    *%*) own_need "${3#*%}" ;;
    *) ! interface_with "$3" || own_need "$interface" ;;
  esac
  while read -r name destination rest; do
    [ "$destination" = 00000000 ] && own_need_if_up "$name"
  done 2>/dev/null <"$root/proc/net/route"
  while read -r destination length rest; do
    case $destination,$length in *[!0]*,* | *,*[!0]*) ;; *) own_need_if_up "${rest##* }" ;; esac
  done 2>/dev/null <"$root/proc/net/ipv6_route"
  # Everyone has an address that is good for one link only: it does not mean that the link is used.
  for name in $(printf '%s\n' "$addresses" | sed -n '/ inet6\{0,1\} .* scope global/{ / inet 169\.254\./d; s/^[0-9]*: *\([^ @]*\).*/\1/p; }' | uniq); do
    own_need_if_up "$name"
  done
}

# own_need INTERFACE: what carries a bridge or a link of the cluster is told as that.
own_need() {
  leaves=
  leaves "$1"
  for name in $leaves; do
    is_down "$name" && continue
    physical "$root/sys/class/net/$name/device" && pci_of "$path" || continue
    case $needs in *"$nl$pci bridge-nic "* | *"$nl$pci cluster-nic "*) ;; *) need "$pci" host-nic "$name" ;; esac
  done
}

own_need_if_up() { is_down "$1" || own_need "$1"; }

# is_down INTERFACE: nothing is plugged in, or it was switched off. Some drivers never know (`unknown`).
is_down() {
  line "$root/sys/class/net/$1/operstate"
  case $line in down | lowerlayerdown | notpresent) return 0 ;; esac
  return 1
}

# The interfaces that have the addresses of this node's corosync links.
need_cluster_links() {
  conf=$root/etc/corosync/corosync.conf
  [ -n "$addresses" ] && [ -r "$conf" ] || return
  name= ring=
  while read -r key value; do
    case $key in
      name:) name=$value ;;
      ring*_addr:) ring="$ring $value" ;;
      '}')
        [ "$name" != "$node" ] || for part in $ring; do cluster_need "$part"; done
        name= ring=
        ;;
    esac
  done <"$conf"
}

# cluster_need ADDRESS-OR-NAME: the interface that has the address of a corosync link.
cluster_need() {
  wanted=$1
  case $wanted in
    *[!0-9a-fA-F.:]*)
      wanted=$(limit 2 getent hosts "$wanted")
      wanted=${wanted%% *}
      ;;
  esac
  [ -n "$wanted" ] && interface_with "$wanted" && interface_needs "$interface" cluster-nic "$1"
}

# interface_with ADDRESS: the one among $addresses that has it goes to $interface.
interface_with() {
  interface=$(printf '%s\n' "$addresses" | grep -F " $1/" | sed 's/^[0-9]*: *\([^ ]*\).*/\1/;q')
  interface=${interface%%@*}
  [ -n "$interface" ]
}

need_console() {
  for fb in "$root"/sys/class/graphics/fb[0-9]; do
    physical "$fb" && pci_of "$path" && need "$pci" console "${fb##*/}" && return
  done
  # The firmware's own framebuffer is no PCI device, but it lies in the memory of the card that was started first.
  for dev in "$root"/sys/bus/pci/devices/*; do
    line "$dev/boot_vga" && [ "$line" = 1 ] || continue
    physical "$dev/driver"
    case ${path##*/} in vfio-pci) ;; *) need "${dev##*/}" console boot_vga ;; esac
  done
}

need_inputs() {
  title=
  # The `read` of busybox polls first, and this file answers a poll only when a device is plugged in: `cat` does not ask.
  cat "$root/proc/bus/input/devices" 2>/dev/null | while read -r letter rest; do
    case $letter,$rest in
      N:,Name=*) title=${rest#Name=} title=${title#\"} title=${title%\"} ;;
      S:,Sysfs=*/usb*) pci_of "${rest%%/usb*}" ;;
      S:,*) pci= ;;
      H:,*kbd*) [ -z "$pci" ] || need "$pci" usb-input "$title" ;;
    esac
  done
}

bridges() {
  section bridges ok
  for bridge in "$root"/sys/class/net/*/bridge; do
    [ -d "$bridge" ] || continue
    bridge=${bridge%/bridge}
    leaves=
    leaves "${bridge##*/}"
    printf '%s\n  ports:%s\n' "${bridge##*/}" "${leaves:- none}"
  done
}

device_nodes() {
  section 'device nodes' ok
  for entry in "$root"/sys/class/drm/card[0-9]* "$root"/sys/class/drm/renderD*; do
    case ${entry##*/} in *-* | *'*') continue ;; esac
    [ -e "$root/dev/dri/${entry##*/}" ] || continue
    physical "$entry" && pci_of "$path" && printf '/dev/dri/%s\n  pci: %s\n' "${entry##*/}" "$pci"
  done
  for gpu in "$root"/proc/driver/nvidia/gpus/*; do
    [ -r "$gpu/information" ] || continue
    while IFS=: read -r key value; do
      case $key in 'Device Minor'*) printf '/dev/nvidia%s\n  pci: %s\n' "${value##*[ $tab]}" "${gpu##*/}" ;; esac
    done <"$gpu/information"
  done
  for entry in nvidiactl nvidia-uvm nvidia-uvm-tools nvidia-modeset kfd; do
    [ ! -e "$root/dev/$entry" ] || printf '/dev/%s\n' "$entry"
  done
}

# ------------------------------------------------------------------------------------------------- Proxmox VE

# Whether /etc/pve can be read goes to $pve (ok, absent, unreadable) and $why. It is a file system of a daemon, and when
# that hangs, so does everyone who reads there; therefore one careful try first.
probe_pve() {
  pve=unreadable
  if [ ! -d "$root/etc/pve" ]; then
    pve=absent why='no Proxmox VE'
  elif [ ! -x "$root/etc/pve" ]; then
    why='there, but not readable by this user; run it as root'
  elif limit 3 cat "$root/etc/pve/.version" >/dev/null; then
    pve=ok why=
  elif [ $? -ne 1 ]; then
    # `cat` itself gives up at once, and with 1.
    why='the cluster file system does not answer'
  elif [ ! -e "$root/etc/pve/.version" ]; then
    why='the cluster file system is not mounted'
  else
    why='there, but not readable by this user; run it as root'
  fi
}

# skipped NAME: prints the section of that name without content, unless /etc/pve can be read.
skipped() {
  [ "$pve" != ok ] || return 1
  section "$1" "$pve" "$why"
}

# storage.cfg: `TYPE: ID`, then indented properties.
storages() {
  config=$root/etc/pve/storage.cfg
  skipped storages && return
  [ -r "$config" ] || { section storages absent 'no storage.cfg'; return; }
  section storages ok
  volumes=
  ! has lvs || volumes=$(limit 4 lvs --noheadings -o vg_name,lv_name | sed 's/^ *//; s/  */ /g; s/ *$//')
  datasets=
  ! has zfs || datasets=$(limit 4 zfs list -H -o name)
  type=
  while read -r key value || [ -n "$key" ]; do
    case $key in
      *:)
        end_storage
        type=${key%:} id=$value content= directory= group= pool= disabled=
        ;;
      content) content=$value ;;
      path) directory=$value ;;
      vgname) group=$value ;;
      pool) pool=$value ;;
      disable) disabled=1 ;;
    esac
  done <"$config"
  end_storage
}

# Prints the storage whose properties were read, with the volumes of those storages that answer at once.
end_storage() {
  [ -n "$type" ] || return
  printf '%s\n  type: %s\n' "$id" "$type"
  if [ -n "$content" ]; then
    printf '  content:'
    IFS=,
    printf ' %s' $content
    unset IFS
    printf '\n'
  fi
  [ -z "$disabled" ] || return
  count=0
  case $type in
    dir)
      [ -d "$root$directory" ] && limit 2 ls "$root$directory" >/dev/null || return
      for part in "iso:template/iso/*" "vztmpl:template/cache/*" "import:import/*" "snippets:snippets/*" "images:images/*/*"; do
        dir_volumes "${part%%:*}" "$root$directory/${part#*:}"
      done
      ;;
    lvm | lvmthin) printf '%s\n' "$volumes" | sed -n "s/^$(plain "$group") \(\(vm\|base\)-[0-9].*\)/  volume: $(plain "$id"):\1/p" ;;
    zfspool) printf '%s\n' "$datasets" | sed -n "s/^$(plain "$pool")\/\(.*\(vm\|base\|subvol\|basevol\)-[0-9].*\)/  volume: $(plain "$id"):\1/p" ;;
  esac
}

# dir_volumes KIND PATTERN
dir_volumes() {
  for entry in $2; do
    [ -f "$entry" ] && [ $count -lt 500 ] || continue
    count=$((count + 1))
    name=${entry##*/}
    [ "$1" != images ] || { name=${entry%/*} name=${name##*/}/${entry##*/}; }
    case $1 in images) printf '  volume: %s:%s\n' "$id" "$name" ;; *) printf '  volume: %s:%s/%s\n' "$id" "$1" "$name" ;; esac
  done
}

# plain TEXT: for use in an expression of sed.
plain() { printf '%s' "$1" | sed 's/[][\\.*^$/]/\\&/g'; }

guests() {
  skipped guests && return
  section guests ok
  for config in "$root"/etc/pve/qemu-server/*.conf "$root"/etc/pve/lxc/*.conf; do
    vmid=${config##*/} vmid=${vmid%.conf}
    case $vmid in *[!0-9]*) continue ;; esac
    case $config in
      */lxc/*)
        kind=lxc running=no
        [ ! -d "$root/sys/fs/cgroup/lxc/$vmid" ] && [ ! -d "$root/sys/fs/cgroup/devices/lxc/$vmid" ] || running=yes
        ;;
      *)
        kind=qemu running=no
        line "$root/run/qemu-server/$vmid.pid" && [ -d "$root/proc/$line" ] && running=yes
        ;;
    esac
    printf '%s\n  kind: %s\n  running: %s\n' "$vmid" "$kind" "$running"
  done
}

reservations() {
  file=$root/run/qemu-server/pci-id-reservations
  if [ ! -d "$root/run/qemu-server" ]; then
    section reservations absent 'no /run/qemu-server'
  elif [ -e "$file" ] && [ ! -r "$file" ]; then
    section reservations unreadable 'not permitted; run it as root'
  else
    section reservations ok
    while read -r address vmid rest; do
      case $vmid in '' | *[!0-9]*) ;; *) printf '%s\n  vmid: %s\n' "$address" "$vmid" ;; esac
    done 2>/dev/null <"$file"
  fi
}

# .members is JSON with a line for each node.
cluster() {
  skipped cluster && return
  members=$(limit 3 cat "$root/etc/pve/.members")
  [ -n "$members" ] || { section cluster unreadable 'no /etc/pve/.members'; return; }
  section cluster ok
  case $members in
    *'"cluster"'*)
      printf '%s\n' "$members" | sed -n 's/.*"cluster": *{ *"name": *"\([^"]*\)".*/name: \1/p'
      case $members in
        *'"quorate": 1'* | *'"quorate":1'*) printf 'quorate: yes\n' ;;
        *'"quorate": 0'* | *'"quorate":0'*) printf 'quorate: no\n' ;;
      esac
      section 'cluster nodes' ok
      printf '%s\n' "$members" | sed -n \
        's/^ *"\([^"]*\)": *{ *"id": *[0-9]*, *"online": *\([01]\)\(, *"ip": *"\([^"]*\)"\)\{0,1\}.*/\1\n  online: \2\n  address: \4/p' |
        sed 's/^  online: 1$/  online: yes/; s/^  online: 0$/  online: no/; /^  address: $/d'
      ;;
    *)
      # A single node is always quorate.
      printf 'quorate: yes\n'
      section 'cluster nodes' ok
      printf '%s\n  online: yes\n' "$node"
      ;;
  esac
}

# Files that a `romfile=` may name. A ROM begins with the bytes 55 AA; two bytes of each file are read at one go.
rom_files() {
  folder=$root/usr/share/kvm
  [ -d "$folder" ] || { section 'rom files' absent 'no /usr/share/kvm'; return; }
  section 'rom files' ok
  set --
  for file in "$folder"/*; do
    [ -f "$file" ] && [ -r "$file" ] && [ -s "$file" ] && [ $# -lt 300 ] && set -- "$@" "$file"
  done
  [ $# -gt 0 ] || return
  bytes=$(head -q -c 2 "$@" 2>/dev/null | od -An -v -tx1)
  # Without the quotes the lines become words with one blank between them.
  bytes=$(printf ' %s' $bytes)
  sizes=$(stat -L -c '%s %n' "$@" 2>/dev/null)
  case $nl$sizes in *"${nl}1 "*) bytes= ;; esac
  printf '%s\n' "$sizes" | while read -r size file; do
    printf '%s\n  size: %s\n' "${file##*/}" "$size"
    case $bytes in
      '') ;;
      ' 55 aa'*) printf '  signature: yes\n' ;;
      *) printf '  signature: no\n' ;;
    esac
    bytes=${bytes#???} bytes=${bytes#???}
  done
}

# ---------------------------------------------------------------------------------------- modules and messages

loaded_modules() {
  [ -r "$root/proc/modules" ] || { section 'loaded modules' unreadable 'no /proc/modules'; return; }
  section 'loaded modules' ok
  cut -d' ' -f1 "$root/proc/modules" | sort
}

builtin_modules() {
  builtin=$root/lib/modules/$release/modules.builtin
  [ -r "$builtin" ] || { section 'builtin modules' unreadable "no modules.builtin of kernel $release"; return; }
  section 'builtin modules' ok
  sed 's|.*/||; s/\.ko.*//; s/-/_/g' "$builtin" | sort -u
}

# Parameters of the modules that have to do with devices for guests, and of those that the host's files set.
module_parameters() {
  [ -d "$root/sys/module" ] || { section 'module parameters' unreadable 'no /sys/module'; return; }
  section 'module parameters' ok
  for module in vfio vfio_pci vfio_pci_core vfio_iommu_type1 iommufd kvm kvm_intel kvm_amd i915 xe amdgpu radeon nouveau \
    nvidia nvidia_drm nvidia_vgpu_vfio snd_hda_intel vendor_reset zfs $configured; do
    case " $done " in *" $module "*) continue ;; esac
    done="$done $module"
    for file in "$root/sys/module/$module"/parameters/*; do
      name=${file##*/}
      case $module,$name in zfs,zfs_arc_*) ;; zfs,*) continue ;; esac
      line "$file" || [ -r "$file" ] || continue
      printf '%s.%s: %s\n' "$module" "$name" "${line:-\"\"}"
    done
  done
}

# The modules for which /etc/modprobe.d sets options go to $configured, all that the host's files name to $mentioned.
modules_of_files() {
  configured=$(cat_files "$root"/etc/modprobe.d/*.conf | sed -n 's/^[[:space:]]*options[[:space:]]\{1,\}\([A-Za-z0-9_-]*\).*/\1/p' | tr - _ | sort -u)
  mentioned=$({
    cat_files "$root"/etc/modprobe.d/*.conf | sed -n \
      's/^[[:space:]]*\(options\|blacklist\|install\|softdep\|weakdep\)[[:space:]]\{1,\}\([A-Za-z0-9_-]*\).*/\2/p'
    cat_files "$root"/etc/modules "$root"/etc/modules-load.d/*.conf "$root"/etc/initramfs-tools/modules |
      sed -n 's/^[[:space:]]*\([A-Za-z0-9_-]\{1,\}\).*/\1/p'
  } | tr - _ | sort -u | head -n 80)
}

# cat_files FILE …: those that can be read.
cat_files() {
  for file in "$@"; do
    [ -f "$file" ] && [ -r "$file" ] && cat "$file" && printf '\n'
  done
}

# What modinfo knows of the modules in question: their parameters, and which of them do not exist.
known_modules() {
  has modinfo || { section 'known parameters' unreadable 'modinfo is not installed'; return; }
  # Messages about modules that do not exist are part of the answer.
  set -- vfio vfio_pci vfio_iommu_type1 kvm
  for name in $mentioned; do
    case $name in vfio | vfio_pci | vfio_iommu_type1 | kvm) ;; *) set -- "$@" "$name" ;; esac
  done
  answer=$(limit_loud 8 modinfo "$@" 2>&1)
  [ -n "$answer" ] || { section 'known parameters' unreadable 'modinfo says nothing'; return; }
  section 'known parameters' ok
  printf '%s\n' "$answer" | {
    module= parameters=
    while IFS=: read -r key value; do
      value=${value#"${value%%[! ]*}"}
      case $key in
        name) end_module; module=$value ;;
        parm) parameters="$parameters ${value%%:*}" ;;
      esac
    done
    end_module
  }
  section 'missing modules' ok
  printf '%s\n' "$answer" | sed -n 's/^modinfo: ERROR: Module \([^ ]*\) not found.*/\1/p' | sort -u
}

end_module() {
  [ -z "$module" ] || printf '%s:%s\n' "$module" "${parameters:- none}"
  parameters=
}

# With the kernel's own lines about IOMMU, vfio, resets and BARs; without those that only repeat what sysfs says, which
# are so many on a large host that they would push out the others.
kernel_messages() {
  messages=$(limit 4 dmesg)
  if [ -z "$messages" ]; then
    section 'kernel messages' unreadable 'dmesg says nothing; run it as root'
    return
  fi
  case $messages in
    *'Linux version '*) section 'kernel messages' ok ;;
    *) section 'kernel messages' partly 'the oldest messages are lost' ;;
  esac
  printf '%s\n' "$messages" |
    grep -E 'DMAR|IVRS|AMD-Vi|IOMMU|iommu|vfio|VFIO|[Rr]eset|BAR [0-9]|D3cold|D3hot|ROM header|IRQ remapping|ineligible|GVT|SR-IOV|Secure boot|lockdown|nvidia.*vgpu' |
    grep -v -E 'usb [0-9]|systemd\[|audit|BAR [0-9]+ \[[^]]*\]$|contains BAR|Adding to iommu group|ommand line: ' |
    sed 's/^<[0-9]*>//; s/^\[[^]]*\] //' | cut -c1-300 | uniq | tail -n 300 | sed 's/^/  | /'
}

# The images of the initial RAM disk. Whether vfio-pci is in the running kernel's one takes a second to find out, and is
# only asked where a file of the host names vfio.
initramfs() {
  section initramfs ok
  for image in "$root"/boot/initrd.img-*; do
    [ -e "$image" ] || continue
    printf '%s\n' "${image##*/initrd.img-}"
    iso "$(stat -L -c %Y "$image" 2>/dev/null)" && printf '  modified: %s\n' "$iso"
    case $image,$nl$mentioned in
      *"-$release,"*"${nl}vfio"*)
        content=$(limit 6 lsinitramfs "$image")
        case $content in
          *vfio-pci.ko* | *vfio_pci.ko*) printf '  vfio-pci: yes\n' ;;
          ?*) printf '  vfio-pci: no\n' ;;
          *) printf '  ? whether it carries vfio-pci could not be found out\n' ;;
        esac
        ;;
    esac
  done
}

# -------------------------------------------------------------------------------------------------------- files

# Prints the host's files in the languages that can be checked, and the guests' configuration.
files() {
  section files ok
  lib=/usr/lib
  [ -d "$root/usr/lib/modprobe.d" ] || lib=/lib
  set --
  for file in \
    "$root"/etc/modprobe.d/* "$root"/run/modprobe.d/* "$root"/usr/local/lib/modprobe.d/* "$root$lib"/modprobe.d/* \
    "$root"/etc/modules "$root"/etc/modules-load.d/* "$root"/etc/initramfs-tools/modules \
    "$root"/etc/initramfs-tools/conf.d/* "$root"/etc/default/grub "$root"/etc/default/grub.d/* \
    "$root"/etc/kernel/cmdline "$root"/etc/kernel/proxmox-boot-pin "$root"/etc/sysfs.conf "$root"/etc/sysfs.d/* \
    "$root"/etc/driverctl.d/* "$root"/etc/network/interfaces "$root"/etc/network/interfaces.d/*; do
    [ -f "$file" ] && set -- "$@" "$file"
  done
  for file in "$root"/etc/udev/rules.d/* "$root"/etc/tmpfiles.d/*; do
    [ -f "$file" ] && grep -Eqs 'vfio|driver_override|sriov|reset_method|d3cold|vendor.reset' "$file" && set -- "$@" "$file"
  done
  if [ "$pve" = ok ]; then
    for file in "$root"/etc/pve/storage.cfg "$root"/etc/pve/mapping/*.cfg "$root"/etc/pve/jobs.cfg \
      "$root"/etc/pve/virtual-guest/cpu-models.conf \
      "$root"/etc/pve/ha/*.cfg "$root"/etc/pve/qemu-server/*.conf "$root"/etc/pve/lxc/*.conf; do
      [ -f "$file" ] && set -- "$@" "$file"
    done
  fi
  [ $# -gt 0 ] || return
  stat -L -c '%Y %s %n' "$@" 2>/dev/null | head -n 500 | while read -r time bytes file; do file "$file" "$time" "$bytes"; done
}

# file FILE SECONDS BYTES: prints one file, each line behind `|` or, where blanks at its end or a control character
# would get lost, behind `!`, which the last step turns into a quoted string.
file() {
  name=${1#"$root"}
  case $name in
    /etc/pve/qemu-server/* | /etc/pve/lxc/*) name=/etc/pve/nodes/$node/${name#/etc/pve/} guest=1 ;;
    *) guest= ;;
  esac
  printf '%s\n' "$name"
  iso "$2" && printf '  modified: %s\n' "$iso"
  if [ ! -r "$1" ]; then
    printf '  ? not permitted; run it as root\n'
    return
  elif [ "$3" -gt 131072 ]; then
    printf '  ? larger than 128 KiB\n'
    return
  fi
  line=
  while IFS= read -r line; do text_line "$line"; done <"$1"
  # What `read` leaves behind is a last line without its end.
  [ -z "$line" ] || { text_line "$line"; printf '  \\ no line end\n'; }
}

text_line() {
  case $guest$1 in
    '' | 1) printf '  |\n' ;;
    1'#'*) printf '  | #\n' ;;
    *' ' | *"$tab" | *[$control]*) printf '  !%s\n' "$1" ;;
    *) printf '  | %s\n' "$1" ;;
  esac
}

# ------------------------------------------------------------------------------------------------------ the whole

# Everything passes here before it leaves the host. Masked are passwords, keys and tokens wherever a word of that kind
# stands before them, serial numbers, UUIDs of guests, the second halves of MAC addresses (also where they are part of an
# interface's name), and what follows the kind in a disk's id. Of two MAC addresses side by side `s` would see only every
# other one: those that are done are marked, and the rest is looked at again.
redact() {
  sed -E \
    -e "s/^(  [|!] ?[[:space:]]*($secret_keys)[[:space:]]*[:=]?[[:space:]]+).*/\1***/" \
    -e "/^  [|!] ?args:/s/(\"[^\"[:space:]]*($secret_words)=)[^\"]*/\1***/g" \
    -e "s/(($secret_words)[\"']? *[=:] *)$value/\1***/g" \
    -e "s/(--(password|passphrase|token|secret|api-key|key)[ =])$value/\1***/g" \
    -e "s/([,; :](key|osk)=)$value/\1***/g" \
    -e "s/(secret,[^[:space:]]*data=)$value/\1***/g" \
    -e "/[\"']secret[\"']/s/([\"']data[\"'] *: *)$value/\1***/g" \
    -e "/-fw_cfg/s/(,string=)$value/\1***/g" \
    -e "s/((^|[^[:alnum:]])[Ss][Ee][Rr][Ii][Aa][Ll](_SHORT|_RAW)?[\"']?\}? *[!=:]?= *)$value/\1***/g" \
    -e '/(smbios1?|uuid|vmgenid)[ :=]/s/'"$uuid"'/00000000-0000-0000-0000-000000000000/g' \
    -e 's/((ssh-[a-z0-9]+|ecdsa-[a-z0-9-]+)( |%20)+)AAAA[^[:space:]]+/\1***/g' \
    -e 's/(:\/\/[^[:space:]\/:@]*:)[^[:space:]\/@]+@/\1***@/g' \
    -e 's/(\/disk\/by-id\/[a-z]+-)[^[:space:],:]+/\1***/g' \
    -e :next -e "$mac" -e 't next' -e "s/$masked/00:00:00/g" \
    -e 's/(^|[^0-9A-Za-z-])(([0-9A-Fa-f]{2}-){3,4})([0-9A-Fa-f]{2}-){2}[0-9A-Fa-f]{2}([^0-9A-Za-z-]|$)/\1\200-00-00\5/g' \
    -e 's/(^|[^0-9A-Za-z])((en|wl|ww)x[0-9a-f]{6})[0-9a-f]{6}/\1\2000000/g' \
    -e '/^  !/{ s/^  !//; s/[\\"]/\\&/g; '"s/$tab/\\\\t/g; s/$cr/\\\\r/g; s/[$control]//g;"' s/.*/  ! "&"/; }'
}

# Keys of lines that are kept without their value.
secret_keys='cipassword|sshkeys|description|comment|mailto|password|username|fingerprint|encryption-key|master-pubkey'
secret_keys="$secret_keys|access-key|secret-key|keyring|wpa-[a-z]*|wireless-key|lxc\\.environment[a-z.]*|env"
# Words behind which a secret stands, with `=` or `:` between.
secret_words='[Pp][Aa][Ss][Ss]([Ww][Oo]?[Rr]?[Dd]|[Pp][Hh][Rr][Aa][Ss][Ee])?|[Ss][Ee][Cc][Rr][Ee][Tt]|[Tt][Oo][Kk][Ee][Nn]'
secret_words="$secret_words|[Aa][Pp][Ii][_-]?[Kk][Ee][Yy]|[Pp][Ss][Kk]"
# A value in quotes, in quotes within quotes, or up to a blank or a comma.
value="(\\\\?\"[^\"]*\"|'[^']*'|[^[:space:],;\"']+)"
uuid='[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}'
masked=$(printf '\001')
mac="s/(^|[^0-9A-Za-z:])(([0-9A-Fa-f]{2}:){3})([0-9A-Fa-f]{2}:){2}[0-9A-Fa-f]{2}([^0-9A-Za-z:]|\$)/\1\2$masked\5/g"
control=$(printf '\001\002\003\004\005\006\007\010\013\014\015\016\017\020\021\022\023\024\025\026\027')
control=$control$(printf '\030\031\032\033\034\035\036\037\177')
configured= mentioned= done=

# What takes long runs beside the rest and is printed last.
slowly() {
  known_modules
  initramfs
}

quickly() {
  host
  kernel
  boot
  packages
  cpu
  virtualization
  pci_names | pci_functions
  probe_pve
  host_needs
  bridges
  storages
  guests
  reservations
  cluster
  rom_files
  device_nodes
  direct_regions
  loaded_modules
  builtin_modules
  module_parameters
  kernel_messages
  files
}

printf 'hostpci snapshot 1\n'
{
  modules_of_files
  line "$root/proc/sys/kernel/osrelease"
  release=$line
  # The end is said by the shell that read the host: should it die, the text is seen to be cut.
  slowly | {
    quickly
    cat
    printf '\n== end\n'
  }
} | redact
