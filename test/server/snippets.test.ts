import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rules } from '../../server/rules/index.ts';
import { ruleSet, runRules } from '../../server/rules/run.ts';
import { rethrow } from '../support/check.ts';
import { readSite } from '../support/site.ts';

/** Every snippet, as it is inserted and left alone, is a file without an error. */

interface Snippet {
  readonly prefix: readonly string[];
  readonly body: readonly string[];
  readonly description: string;
}

interface Manifest {
  readonly contributes: { readonly snippets: readonly { language: string; path: string }[] };
}

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const declared = (JSON.parse(read('package.json')) as Manifest).contributes.snippets;

/** A file that is there already, with the place of the insertion, and the files around it that a snippet may refer to. */
const existing: Readonly<Record<string, string>> = {
  'pve-vm-conf': `agent: 1
balloon: 0
boot: order=scsi1;net0
cores: 4
memory: 8192
meta: creation-qemu=10.1.2,ctime=1785662400
name: guest
net0: virtio=BC:24:11:6E:21:07,bridge=vmbr0
ostype: l26
scsi1: local-lvm:vm-100-disk-9,size=64G
scsihw: virtio-scsi-single
smbios1: uuid=2f8a4d53-63f0-4b1e-9d0c-7f4cb1d3a0e6
@@
[before_upgrade]
cores: 2
memory: 4096
snaptime: 1786867200
`,
  'pve-ct-conf': `arch: amd64
cores: 4
hostname: media
memory: 4096
net0: name=eth0,bridge=vmbr0,hwaddr=BC:24:11:58:D2:E3,ip=dhcp,type=veth
ostype: debian
rootfs: local-lvm:vm-100-disk-0,size=16G
unprivileged: 1
@@
`,
  modprobe: '# Sound of the host\noptions snd_hda_intel power_save=1\n@@\n',
  modules: '# loaded at boot\ncoretemp\n@@\n',
  'kernel-cmdline': 'root=ZFS=rpool/ROOT/pve-1 boot=zfs quiet @@\n',
  'sysfs-conf': '# power\nclass/leds/x/brightness = 0\n@@\n',
};

/** Where a parameter alone would leave a host that does not boot, an empty file is one with the root alone. */
const empty: Readonly<Record<string, string>> = { 'kernel-cmdline': 'root=/dev/mapper/pve-root ro @@\n' };

const paths: Readonly<Record<string, string>> = {
  'pve-vm-conf': 'etc/pve/nodes/pve1/qemu-server/100.conf',
  'pve-ct-conf': 'etc/pve/nodes/pve1/lxc/100.conf',
  modprobe: 'etc/modprobe.d/gpu.conf',
  modules: 'etc/modules',
  'kernel-cmdline': 'etc/kernel/cmdline',
  'sysfs-conf': 'etc/sysfs.conf',
};

/** What a VM's snippets name by default. */
const around = `--- etc/pve/mapping/pci.cfg
gpu
\tmap id=10de:2206,iommugroup=16,node=pve1,path=0000:01:00.0,subsystem-id=10de:1467

--- etc/pve/mapping/directory.cfg
share
\tmap node=pve1,path=/srv/share

--- etc/pve/storage.cfg
dir: local
\tpath /var/lib/vz
\tcontent iso,vztmpl,backup

lvmthin: local-lvm
\tthinpool data
\tvgname pve
\tcontent rootdir,images

`;

suite('snippets', () => {
  for (const { language, path } of declared) {
    const snippets = Object.entries(JSON.parse(read(path)) as Record<string, Snippet>);

    test(`${language}: each has a prefix of its own and says what it does`, () => {
      const prefixes = snippets.flatMap(([, snippet]) => snippet.prefix);
      assert.equal(new Set(prefixes).size, prefixes.length);
      for (const [name, snippet] of snippets) {
        for (const prefix of snippet.prefix) assert.match(prefix, /^[a-z][a-z0-9_-]+$/, name);
        assert.match(snippet.description, /[.)a-z\d]$/i, name);
        assert.ok(snippet.description.length > 20, name);
        assert.doesNotMatch(expand(snippet.body), /\$|\{|\|\}/, name);
      }
    });

    for (const [name, snippet] of snippets) {
      const text = expand(snippet.body);
      const target = paths[language] ?? mappingPath(snippet);
      const whole = text.includes('root=');
      test(`${language}: ${name}, in an empty file`, () => {
        assert.deepEqual(errors(target, whole ? '@@' : (empty[language] ?? '@@'), text), []);
      });
      if (whole) continue;
      test(`${language}: ${name}, in a file that has something`, () => {
        const base = existing[language] ?? otherMapping(target);
        assert.deepEqual(errors(target, base, ''), [], 'the file is good before');
        assert.deepEqual(errors(target, base, text), []);
      });
    }
  }

  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are bodies of snippets
  test('expansion knows what the snippets use', () => {
    assert.equal(expand(['a${1:b}c$1', '${2|x,y|}${2}']), 'abcb\nxx');
    assert.equal(expand(['vm-${TM_FILENAME_BASE/^([1-9][0-9]{2,8})$|^.*$/${1:-100}/}'], '4711'), 'vm-4711');
    assert.equal(expand(['vm-${TM_FILENAME_BASE/^([1-9][0-9]{2,8})$|^.*$/${1:-100}/}'], 'Untitled-1'), 'vm-100');
  });
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: these were bodies of snippets
});

/** Errors of all rules in a site whose file has the text in place of `@@`. */
function errors(path: string, base: string, text: string): readonly string[] {
  const others = around.replace(new RegExp(`--- ${path}\\n[^-]*(?=---|$)`), '');
  const { world } = readSite(`--- ${path}\n${base.replace('@@', () => text)}\n${others}`);
  const set = ruleSet(rules);
  return [...world.files.values()]
    .flatMap(file => runRules(set, file, world, rethrow))
    .filter(report => report.severity === 'error')
    .map(report => `${report.rule}: ${report.message}`);
}

function mappingPath({ prefix }: Snippet): string {
  const kind = prefix[0]?.split('-')[0];
  return `etc/pve/mapping/${kind === 'dir' ? 'directory' : kind}.cfg`;
}

/** A mapping of the same kind, with the empty line that ends its section. */
function otherMapping(path: string): string {
  if (path.endsWith('usb.cfg')) return 'headset\n\tmap id=046d:0a87,node=pve1\n\n@@';
  if (path.endsWith('directory.cfg')) return 'music\n\tmap node=pve1,path=/srv/music\n\n@@';
  return 'hba\n\tmap id=1000:0072,iommugroup=20,node=pve1,path=0000:06:00.0,subsystem-id=1000:3020\n\n@@';
}

/** A body as the editor inserts it when nothing is typed: defaults, first choices, the file's name. */
function expand(body: readonly string[], fileName = '100'): string {
  const text = body
    .join('\n')
    .replace(
      /\$\{TM_FILENAME_BASE\/((?:[^/\\]|\\.)*)\/\$\{1:-([^}]*)\}\/\}/g,
      (_, pattern: string, fallback: string) => new RegExp(pattern).exec(fileName)?.[1] ?? fallback,
    );
  const defaults = new Map<string, string>([['0', '']]);
  for (const [, stop, value, choices] of text.matchAll(/\$\{(\d+)(?::([^}]*)|\|([^|}]*)\|)\}/g)) {
    if (!defaults.has(stop as string)) defaults.set(stop as string, value ?? choices?.split(',')[0] ?? '');
  }
  return text.replace(
    /\$(?:(\d+)|\{(\d+)[^}]*\})/g,
    (_, bare: string | undefined, braced: string | undefined) => defaults.get(bare ?? braced ?? '') ?? '',
  );
}
