// What a refresh costs, on a real sshd of this machine: one run of the collector over ssh, against `ssh host true`, against
// the collector without ssh, and against the same reads one command after the other. Prints medians and their ratios.
//   node --import tsx test/bench/roundTrip.mjs [ROUNDS]
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { collect } from '../../host/collect.ts';
import { onThisMachine } from '../../host/local.ts';
import { overSsh } from '../../host/ssh.ts';
import { ask } from '../../host/transport.ts';
import { replay } from '../support/fakeHost.ts';
import { SshLab } from '../support/sshd.ts';

const rounds = Number(process.argv[2] ?? 15);
const script = readFileSync(fileURLToPath(new URL('../../host/collect.sh', import.meta.url)), 'utf8');

// The files of a recorded host with an IOMMU, SR-IOV and shared groups stand in for those of this machine.
const host = replay('intel-vfs');
const lab = new SshLab();
try {
  const { port } = await lab.start();
  const target = { destination: '127.0.0.1', port };
  const controlDirectory = lab.path('c');
  mkdirSync(controlDirectory);
  const fresh = overSsh(target, { extraArguments: lab.extraArguments });
  const shared = overSsh(target, { extraArguments: lab.extraArguments, controlDirectory });
  const question = collect(
    `HOSTPCI_ROOT='${host.root}'\nPATH='${host.root}/bin':$PATH\nexport HOSTPCI_ROOT PATH\n${script}`,
    'host',
  );
  const reads = readsOf(host.root);
  const oneByOne = async way => {
    for (const words of reads) await way.run({ words });
  };
  const { text, inventory } = await ask(shared, question);
  console.log(
    `${inventory.functions.length} PCI functions, ${Math.round(text.length / 1024)} KiB of snapshot, ${rounds} rounds\n`,
  );

  const cases = {
    'ssh host true, new connection': () => fresh.run({ words: ['true'] }),
    'pull, new connection': () => ask(fresh, question),
    'ssh host true, shared connection': () => shared.run({ words: ['true'] }),
    'pull, shared connection': () => ask(shared, question),
    'collector without ssh': () => ask(onThisMachine, question),
    [`${reads.length} reads one by one, shared connection`]: () => oneByOne(shared),
    [`${reads.length} reads one by one, new connections`]: () => oneByOne(fresh),
  };
  const times = await measure(cases);
  const medians = new Map(Object.keys(cases).map(name => [name, median(times.get(name))]));
  for (const [name, time] of medians) console.log(`${name.padEnd(42)} ${time.toFixed(0).padStart(6)} ms`);
  const [newTrue, newPull, sharedTrue, sharedPull, local, sharedReads, newReads] = [...medians.values()];
  console.log(`
pull : ssh true, new connection        ${ratio(newPull, newTrue)}
pull : ssh true, shared connection     ${ratio(sharedPull, sharedTrue)}
pull : collector without ssh, shared   ${ratio(sharedPull, local)}
one by one : pull, shared connection   ${ratio(sharedReads, sharedPull)}
one by one : pull, new connections     ${ratio(newReads, newPull)}`);
} finally {
  await lab.close();
  host.remove();
}

/** In turns, so that what else the machine does burdens all alike. What takes seconds is measured less often. */
async function measure(cases) {
  const times = new Map(Object.keys(cases).map(name => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(cases)) {
      if (name.endsWith('new connections') && round % 5 !== 0) continue;
      const started = performance.now();
      await run();
      times.get(name).push(performance.now() - started);
    }
  }
  return times;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function ratio(a, b) {
  return (a / b).toFixed(1);
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
