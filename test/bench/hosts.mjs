// What a refresh costs, on real sshds of this machine: one run of the collector over ssh, against `ssh host true`, against
// the collector without ssh, and against the same reads one command after the other; and many nodes against one.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eachBounded, nodesAtOnce } from '../../host/cluster.ts';
import { collect } from '../../host/collect.ts';
import { onThisMachine } from '../../host/local.ts';
import { overSsh } from '../../host/ssh.ts';
import { ask } from '../../host/transport.ts';
import { replay } from '../support/fakeHost.ts';
import { SshLab } from '../support/sshd.ts';
import { root } from '../vshost/install.mjs';
import { inTurns, median, ms, ratio } from './figures.mjs';

const script = readFileSync(join(root, 'host/collect.sh'), 'utf8');
const clusterSize = 16;

export async function measure({ quick }) {
  // The files of a recorded host with an IOMMU, SR-IOV and shared groups stand in for those of this machine.
  const host = replay('intel-vfs');
  const lab = new SshLab();
  try {
    const { table, text, local } = await roundTrips(lab, host, quick ? 3 : 15);
    return [table, await cluster(lab, text, local, quick ? 2 : 7)];
  } finally {
    await lab.close();
    host.remove();
  }
}

async function roundTrips(lab, host, rounds) {
  const { port } = await lab.start();
  const target = { destination: '127.0.0.1', port };
  const controlDirectory = lab.path('c');
  mkdirSync(controlDirectory);
  const fresh = overSsh(target, { extraArguments: lab.extraArguments });
  const shared = overSsh(target, { extraArguments: lab.extraArguments, controlDirectory });
  const top = `HOSTPCI_ROOT='${host.root}'\nPATH='${host.root}/bin':$PATH\nexport HOSTPCI_ROOT PATH\n`;
  const question = collect(top + script, 'host');
  const { text, inventory } = await ask(shared, question);
  const reads = readsOf(host.root);
  const oneByOne = async () => {
    for (const words of reads) await shared.run({ words });
  };
  const times = await inTurns(
    {
      freshTrue: () => fresh.run({ words: ['true'] }),
      freshPull: () => ask(fresh, question),
      sharedTrue: () => shared.run({ words: ['true'] }),
      sharedPull: () => ask(shared, question),
      local: () => ask(onThisMachine, question),
    },
    rounds,
  );
  const reading = await inTurns({ oneByOne }, Math.min(3, rounds));
  const [freshTrue, freshPull, sharedTrue, sharedPull, local] = [...times.values()].map(median);
  const row = (name, time, bound) => [name, ms(time), ...(bound ? [ms(bound), ratio(time, bound)] : ['', ''])];
  const table = {
    title: 'Refresh of a host',
    columns: ['', 'median ms', '`ssh true` + 1.3 × collector', 'ratio'],
    rows: [
      row('`ssh host true`, new connection', freshTrue),
      row('`ssh host true`, shared connection', sharedTrue),
      row('collector without ssh', local),
      row('refresh, new connection', freshPull, freshTrue + 1.3 * local),
      row('refresh, shared connection', sharedPull, sharedTrue + 1.3 * local),
      row(`${reads.length} reads one by one, shared connection`, median(reading.get('oneByOne'))),
    ],
    note: `${inventory.functions.length} PCI functions, ${Math.round(text.length / 1024)} KiB of snapshot, ${rounds} rounds.`,
  };
  return { table, text, local };
}

/** The nodes stand in for machines of their own: they take as long as a collector does, and not this machine's processors. */
async function cluster(lab, text, local, rounds) {
  const snapshot = lab.path('answer.snapshot');
  writeFileSync(snapshot, text);
  const collector = `cat >/dev/null\nsleep ${(local / 1000).toFixed(3)}\ncat ${snapshot}\n`;
  const forced = `[ "$SSH_ORIGINAL_COMMAND" != true ] || exit 0\n${collector}`;
  const controlDirectory = lab.path('n');
  mkdirSync(controlDirectory);
  const [fresh, shared] = [[], []];
  for (let at = 0; at < clusterSize; at++) {
    const { port } = await lab.start({ forced });
    const target = { destination: '127.0.0.1', port };
    fresh.push(overSsh(target, { extraArguments: lab.extraArguments }));
    shared.push(overSsh(target, { extraArguments: lab.extraArguments, controlDirectory }));
  }
  const pull = node => ask(node, collect(script, 'node')).then(() => undefined);
  const pullAll = nodes => eachBounded(nodes, nodesAtOnce, pull);
  const trueAll = nodes => eachBounded(nodes, nodesAtOnce, node => node.run({ words: ['true'] }).then(() => undefined));
  await pullAll(shared); // makes the connections that are shared from then on
  const times = await inTurns(
    {
      oneFresh: () => pull(fresh[0]),
      allFresh: () => pullAll(fresh),
      trueFresh: () => trueAll(fresh),
      oneShared: () => pull(shared[0]),
      allShared: () => pullAll(shared),
      trueShared: () => trueAll(shared),
    },
    rounds,
  );
  const [oneFresh, allFresh, trueFresh, oneShared, allShared, trueShared] = [...times.values()].map(median);
  const row = (name, one, all, reached) => {
    const bound = reached + 1.3 * local;
    return [name, ms(one), ms(all), ratio(all, one), ms(reached), ratio(all, bound)];
  };
  return {
    title: 'Nodes side by side',
    columns: [
      ...['', 'one, ms', `${clusterSize} nodes, ms`, '÷ one', `\`ssh host true\` on all ${clusterSize}, ms`],
      '÷ (that + 1.3 × collector)',
    ],
    rows: [
      row('new connections', oneFresh, allFresh, trueFresh),
      row('shared connections', oneShared, allShared, trueShared),
    ],
    note: `${nodesAtOnce} at once. All ssh clients and servers share the processors of this machine, whatever is asked of them.`,
  };
}

/**
 * The same reads by somebody who knows where everything stands and asks for one kind of thing at a time: far fewer
 * commands than there are files.
 */
function readsOf(root) {
  const shell = line => ['sh', '-c', line.replaceAll('~', root)];
  const attributes = ['vendor', 'device', 'subsystem_vendor', 'subsystem_device', 'class', 'revision', 'boot_vga'];
  const abilities = ['reset_method', 'numa_node', 'driver_override', 'sriov_numvfs', 'sriov_totalvfs', 'resource'];
  return [
    ...['hostname', 'osrelease'].map(name => shell(`cat ~/proc/sys/kernel/${name}`)),
    ...['cmdline', 'stat', 'meminfo', 'cpuinfo', 'modules', 'mounts'].map(name => shell(`cat ~/proc/${name}`)),
    shell('~/bin/lspci -Dvmmnnk'),
    ...[...attributes, ...abilities].map(name => shell(`grep -H . ~/sys/bus/pci/devices/*/${name}`)),
    ...['driver', 'iommu_group', 'physfn', 'virtfn*'].map(name => shell(`ls -ld ~/sys/bus/pci/devices/*/${name}`)),
    shell('ls -d ~/sys/bus/pci/devices/*/mdev_supported_types/*'),
    ...['net', 'block', 'drm', 'iommu'].map(name => shell(`ls -l ~/sys/class/${name}`)),
    shell('cat ~/sys/kernel/iommu_groups/*/reserved_regions'),
    shell('ls ~/boot ~/sys/firmware'),
    shell('dpkg-query -W'),
    shell('cat ~/etc/kernel/cmdline ~/etc/default/grub'),
    shell('cat ~/etc/modprobe.d/* ~/etc/modules ~/etc/modules-load.d/*'),
    shell('cat ~/etc/network/interfaces'),
    shell('cat ~/etc/pve/storage.cfg ~/etc/pve/.members'),
    shell('cat ~/etc/pve/qemu-server/*.conf ~/etc/pve/lxc/*.conf'),
    shell('cat ~/etc/pve/mapping/*.cfg'),
    shell('cat ~/run/qemu-server/pci-id-reservations'),
    shell('grep -H . ~/sys/module/*/parameters/*'),
    shell('ls -l ~/usr/share/kvm'),
    shell('~/bin/dmesg'),
    shell('modinfo vfio vfio_pci kvm'),
  ];
}
