import { bootArguments } from '../../facts/bootArguments.ts';
import { commandLinePlace } from '../../facts/commandLinePlace.ts';
import { reservedGigabytePages } from '../../facts/hostMemory.ts';
import { gigabytePages, gigabytePagesOfOthers } from '../../facts/pinnedGuests.ts';
import { appendWords } from '../../languages/kernelCmdline/quoting.ts';
import type { SourceFile } from '../../languages/language.ts';
import type { World } from '../../workspace/world.ts';
import { fixIn } from '../edits.ts';
import type { Fix } from '../rule.ts';
import { atValue, readIn, startRule } from '../startRule.ts';

const host = (parameters: string): string =>
  `hostpci snapshot 1\n== kernel: ok\nrelease: 6.17.13-2-pve\ncommand-line: root=/dev/mapper/pve-root ${parameters}\n== end\n`;

export const hugepagesUnreserved = startRule({
  id: 'memory/hugepages-unreserved',
  severity: 'warning',
  docs: {
    what: '`hugepages: 1024` while the host reserves no pages of 1 GiB at boot, or fewer than this VM and those that start by themselves need. Silent where the command line of the kernel is not known.',
    why: 'A page of 1 GiB needs memory in one piece. Soon after the boot there is none left, and the VM does not start.',
    source: `${readIn('QemuServer/Memory.pm')}; kernel, Documentation/admin-guide/mm/hugetlbpage.rst`,
  },
  examples: [
    {
      bad: '--- etc/pve/qemu-server/100.conf\nhugepages: «1024»\nmemory: 4096\nnuma: 1\n--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs\n',
      fixed:
        '--- etc/pve/qemu-server/100.conf\nhugepages: 1024\nmemory: 4096\nnuma: 1\n--- etc/kernel/cmdline\nroot=ZFS=rpool/ROOT/pve-1 boot=zfs default_hugepagesz=1G hugepagesz=1G hugepages=4\n',
      good: 'hugepages: 2\nmemory: 4096\nnuma: 1\n',
      host: 'hostpci snapshot 1\n== kernel: ok\nrelease: 6.17.13-2-pve\ncommand-line: initrd=\\EFI\\proxmox\\initrd.img root=ZFS=rpool/ROOT/pve-1 boot=zfs\n== end\n',
    },
    {
      bad: 'hugepages: «1024»\nmemory: 8192\nnuma: 1\n',
      good: 'hugepages: 1024\nmemory: 4096\nnuma: 1\n',
      host: host('default_hugepagesz=1G hugepagesz=1G hugepages=4'),
    },
    {
      bad: 'hugepages: «1024»\nmemory: 4096\nnuma: 1\n',
      good: 'hugepages: 2\nmemory: 4096\nnuma: 1\n',
      host: host('quiet'),
    },
  ],
  needs: ['hugepages'],
  *find({ settings, file, world }) {
    const entry = settings.entry('hugepages');
    const reserved = entry?.stored === '1024' ? reservedGigabytePages(world, file) : undefined;
    if (!entry || reserved === undefined) return;
    const others = gigabytePagesOfOthers(world, file);
    const needed = gigabytePages(file) + others.pages;
    if (needed <= reserved) return;
    const who = others.vms > 0 ? ` together with ${others.vms} other VM${others.vms > 1 ? 's' : ''}` : '';
    yield {
      span: atValue(entry),
      fixes: reserve(world, file, needed),
      message: `This VM needs${who} ${needed} pages of 1 GiB, and the host reserves ${reserved}. Reserve them at boot: default_hugepagesz=1G hugepagesz=1G hugepages=${needed}.`,
    };
  },
});

/** Into the file that the host boots from; not where huge pages are asked for already: their order and sizes matter. */
function reserve(world: World, file: SourceFile, pages: number): readonly Fix[] {
  const { source, configured } = bootArguments(world, file);
  if (source === undefined || configured?.some(({ parameter }) => /hugepage/.test(parameter.id))) return [];
  const place = commandLinePlace(world, source, file);
  const words = ['default_hugepagesz=1G', 'hugepagesz=1G', `hugepages=${pages}`];
  const edit = place && appendWords(place.line, words);
  return place && edit ? [fixIn(place.file, `Reserve ${pages} pages of 1 GiB at boot`, edit)] : [];
}
