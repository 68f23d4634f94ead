import assert from 'node:assert/strict';
import type { Lens, NameUse, Refactoring, SourceFile, SymbolNode } from '../../../server/languages/language.ts';
import type { VmConf } from '../../../server/languages/vmConf/tree.ts';
import { vmConf } from '../../../server/languages/vmConf/vmConf.ts';
import { applyEdits } from '../../../server/text/edit.ts';
import { fromLines, textOf } from '../../../server/text/lines.ts';
import { around, openSite } from '../../support/check.ts';
import { readMarks, writeMarks } from '../../support/marked.ts';
import type { Site } from '../../support/site.ts';
import { smallHost } from './smallHost.ts';

const host = { host: smallHost };

const open = (text: string, options = {}): Site & { file: SourceFile<VmConf> } =>
  openSite(text, { language: vmConf, ...options }) as Site & { file: SourceFile<VmConf> };

const cursorOf = (site: Site) => {
  const { cursor } = readMarks(site.marked.get(site.file.uri) ?? '');
  assert.ok(cursor);
  return cursor;
};

suite('VM conf: symbols and folding', () => {
  const text =
    '# notes\n# more\nbios: ovmf\nhostpci0: 01:00,pcie=1\n\n[PENDING]\nmemory: 4096\n\n[before]\nbios: seabios\nsnaptime: 1\n\n[1x]\nbios: x\n';
  const names = (nodes: readonly SymbolNode[]): readonly string[] =>
    nodes.flatMap(node => [`${node.kind} ${node.name}`, ...names(node.children ?? []).map(name => `  ${name}`)]);

  test('lines of the main section, then sections with theirs', () =>
    assert.deepEqual(names(vmConf.symbols?.(open(text).file) ?? []), [
      'key bios',
      'device hostpci0',
      'section PENDING',
      '  key memory',
      'section before',
      '  key bios',
      '  key snaptime',
      'section 1x',
    ]));

  test('a name lies in its symbol, a symbol in its parent', () => {
    const inside = (outer: SymbolNode['span'], inner: SymbolNode['span']): boolean =>
      (inner.line > outer.line || (inner.line === outer.line && inner.start >= outer.start)) &&
      (inner.endLine < outer.endLine || (inner.endLine === outer.endLine && inner.end <= outer.end));
    const check = (node: SymbolNode): void => {
      assert.ok(inside(node.span, node.nameSpan), node.name);
      for (const child of node.children ?? []) {
        assert.ok(inside(node.span, child.span), child.name);
        check(child);
      }
    };
    for (const source of [text, '[a1]', '[a1]\r\nbios: x\r\n', '[]'])
      vmConf.symbols?.(open(source).file).forEach(check);
  });

  test('what is folded', () =>
    assert.deepEqual(vmConf.folds?.(open(text).file), [
      { from: 0, to: 1, kind: 'comment' },
      { from: 5, to: 6, kind: 'region' },
      { from: 8, to: 10, kind: 'region' },
      { from: 12, to: 13, kind: 'region' },
    ]));

  test('an empty file and a lone header have nothing to fold', () => {
    assert.deepEqual(vmConf.folds?.(open('').file), []);
    assert.deepEqual(vmConf.folds?.(open('[PENDING]\n').file), []);
  });
});

suite('VM conf: names', () => {
  const marked = (text: string, pick: (use: NameUse) => boolean): string => {
    const { file } = open(readMarks(text).text);
    return writeMarks(
      fromLines(file.lines),
      (vmConf.names?.(file) ?? []).filter(pick).map(use => use.span),
    );
  };
  const check = (text: string, pick: (use: NameUse) => boolean): void => assert.equal(marked(text, pick), text);

  test('mappings', () =>
    check(
      'hostpci0: mapping=«gpu»,pcie=1\nusb0: mapping=«key»\nvirtiofs0: «media»,cache=auto\n[s1]\nhostpci0: mapping=«gpu»\n',
      use => use.kind.endsWith('-mapping'),
    ));

  test('a mapping id that cannot be one is no name', () =>
    check('hostpci0: mapping=x\n', use => use.kind === 'pci-mapping'));

  test('snapshots', () => {
    const text = 'parent: «two»\n[«one»]\nbios: ovmf\n[«two»]\nparent: «one»\n';
    check(text, use => use.kind === 'snapshot');
    check(
      'parent: two\n[«one»]\nbios: ovmf\n[«two»]\nparent: one\n',
      use => use.kind === 'snapshot' && use.role === 'definition',
    );
  });

  test('storages of volumes', () =>
    check(
      'scsi0: «local-lvm»:vm-100-disk-0,size=32G\nide2: none,media=cdrom\nefidisk0: «local»:1\nhookscript: «local»:snippets/a.pl\nscsi1: /dev/disk/by-id/x\ncicustom: user=«local»:snippets/u.yaml\nvmstatestorage: «zfs»\nunused0: «local»:x\n',
      use => use.kind === 'storage' && !use.renamable,
    ));

  test('nothing in unknown sections and notes', () => check('# scsi0: local:1\n[1x]\nscsi0: local:1\n', () => true));
});

suite('VM conf: hints', () => {
  /** The text with each hint behind the place it stands at. */
  const withHints = (text: string, options = {}): string => {
    const site = open(text, options);
    const hints = vmConf.hints?.(site.file, around(site)) ?? [];
    const edits = hints.map(({ at, label }) => ({
      span: { line: at.line, start: at.column, endLine: at.line, end: at.column },
      text: `{${label}}`,
    }));
    return fromLines(applyEdits(site.file.lines, edits));
  };

  test('the device behind an address', () =>
    assert.equal(
      withHints('hostpci0: 01:00,pcie=1\nhostpci1: host=0000:00:02.0;0a:00.0,rombar=0\n', host),
      'hostpci0: 01:00{GeForce GTX 1060 6GB +1},pcie=1\nhostpci1: host=0000:00:02.0{UHD Graphics 770};0a:00.0{not on this host},rombar=0\n',
    ));

  test('nothing about devices without a host', () => assert.equal(withHints('hostpci0: 01:00\n'), 'hostpci0: 01:00\n'));

  test('units', () =>
    assert.equal(
      withHints(
        'memory: 16384\nballoon: 512\nscsi0: local:b,size=34359738368\nscsi1: local:b,size=32G\nscsi2: local:b,size=4M\nefidisk0: local:b,size=528K\nnet0: virtio,rate=12.5\nnuma: 1\n',
      ),
      'memory: 16384{16 GiB}\nballoon: 512{MiB}\nscsi0: local:b,size=34359738368{32 GiB}\nscsi1: local:b,size=32G\nscsi2: local:b,size=4M\nefidisk0: local:b,size=528K\nnet0: virtio,rate=12.5{MB/s}\nnuma: 1\n',
    ));

  test('dates', () =>
    assert.equal(
      withHints('meta: creation-qemu=9.2.0,ctime=1735689600\n[s1]\nsnaptime: 1735689600\n'),
      'meta: creation-qemu=9.2.0,ctime=1735689600{2025-01-01 00:00 UTC}\n[s1]\nsnaptime: 1735689600{2025-01-01 00:00 UTC}\n',
    ));
});

suite('VM conf: lenses', () => {
  const titles = (text: string, options = {}): readonly string[] => {
    const site = open(text, { ...host, ...options });
    return (vmConf.lenses?.(site.file, around(site)) ?? []).map(
      (lens: Lens) => `${textOf(site.file.lines, lens.span)}: ${lens.title}`,
    );
  };

  test('what else the group holds', () =>
    assert.deepEqual(titles('hostpci0: 01:00.0\n'), [
      'hostpci0: Group 14 also holds 01:00.1 GP106 High Definition Audio Controller',
    ]));

  test('nothing when the VM gets all of the group', () => {
    assert.deepEqual(titles('hostpci0: 01:00\n'), []);
    assert.deepEqual(titles('hostpci0: 01:00.0\nhostpci1: 01:00.1\n'), []);
  });

  test('who else has it', () => {
    const text = `--- etc/pve/nodes/pve1/qemu-server/100.conf
hostpci0: 01:00¦
--- etc/pve/nodes/pve1/qemu-server/102.conf
name: games
hostpci3: 0000:01:00.0
`;
    const found = titles(text).join();
    assert.match(found, /^hostpci0: Also claimed by VM 102/);
  });

  test('what the host needs', () =>
    assert.deepEqual(titles('hostpci0: 02:00.0\n'), ['hostpci0: The host needs it: disk of the host (rpool)']));

  test('a mediated device leaves the function where it is', () =>
    assert.deepEqual(titles('hostpci0: 01:00.0,mdev=nvidia-35\n'), []));

  test('what waits in [PENDING] counts', () =>
    assert.deepEqual(titles('hostpci0: 02:00.0\n[PENDING]\ndelete: hostpci0\n'), []));
});

suite('VM conf: signature help', () => {
  const active = (text: string): string | undefined => {
    const site = open(text);
    const signature = vmConf.signature?.(site.file, cursorOf(site), around(site));
    for (const parameter of signature?.parameters ?? [])
      assert.ok(signature?.label.includes(parameter.label), parameter.label);
    return signature?.parameters[signature.active]?.label;
  };

  test('the sub-property under the cursor', () => {
    assert.equal(active('hostpci0: 01:0¦0,pcie=1'), '[host=]<HOSTPCIID[;HOSTPCIID2...]>');
    assert.equal(active('hostpci0: 01:00,pcie=¦'), 'pcie=<boolean>');
    assert.equal(active('hostpci0: 01:00,dri¦ver=keep'), 'driver=<vfio | keep>');
    assert.equal(active('net0: virtio=BC¦:24'), 'macaddr=<XX:XX:XX:XX:XX:XX>');
    assert.equal(active('scsi0: a:b,scsi¦block=1'), 'scsiblock=<boolean>');
  });

  test('in an empty part, what is written next', () => {
    assert.equal(active('machine: q35,¦'), 'viommu=<intel | virtio>');
    assert.equal(active('hostpci0: ¦'), '[host=]<HOSTPCIID[;HOSTPCIID2...]>');
    assert.equal(active('net0: virtio,bridge=vmbr0,mt¦'), 'mtu=<integer 1–65520>');
  });

  test('nothing where there is no property string', () => {
    assert.equal(active('bios: ov¦mf'), undefined);
    assert.equal(active('¦'), undefined);
    assert.equal(active('# host¦'), undefined);
  });
});

suite('VM conf: selection ranges', () => {
  const ranges = (text: string): readonly string[] => {
    const site = open(text);
    return (vmConf.selections?.(site.file, cursorOf(site)) ?? []).map(one => textOf(site.file.lines, one));
  };

  test('from an item of a list to the section', () =>
    assert.deepEqual(ranges('bios: ovmf\n[s1]\nhostpci0: host=01:0¦0.0;01:00.1,pcie=1\n'), [
      '01:00.0',
      '01:00.0;01:00.1',
      'host=01:00.0;01:00.1',
      'host=01:00.0;01:00.1,pcie=1',
      'hostpci0: host=01:00.0;01:00.1,pcie=1',
      '[s1]\nhostpci0: host=01:00.0;01:00.1,pcie=1\n',
    ]));

  test('a key, a simple value, an empty file', () => {
    assert.deepEqual(ranges('bi¦os: ovmf'), ['bios', 'bios: ovmf']);
    assert.deepEqual(ranges('bios: ov¦mf\r\n'), ['ovmf', 'bios: ovmf', 'bios: ovmf\r\n']);
    assert.deepEqual(ranges('¦'), []);
  });
});

suite('VM conf: refactorings', () => {
  const offered = (text: string, options = {}): { site: Site; found: readonly Refactoring[] } => {
    const site = open(text, options);
    const at = cursorOf(site);
    const where = { line: at.line, start: at.column, endLine: at.line, end: at.column };
    return { site, found: vmConf.refactorings?.(site.file as SourceFile<VmConf>, where, around(site)) ?? [] };
  };
  const after = (text: string, title: string, options = {}): string => {
    const { site, found } = offered(text, options);
    const one = found.find(refactoring => refactoring.title === title);
    assert.ok(one, `${title} is not among ${found.map(refactoring => refactoring.title).join(' · ')}`);
    return fromLines(applyEdits(site.file.lines, one.edits));
  };

  test('booleans as digits', () => {
    assert.equal(
      after('hostpci0: 01:00,pcie=¦on,rombar=off', 'Write booleans as 1 and 0'),
      'hostpci0: 01:00,pcie=1,rombar=0',
    );
    assert.equal(after('onboot: y¦es\r\n', 'Write booleans as 1 and 0'), 'onboot: 1\r\n');
    assert.equal(
      after('agent: tr¦ue,fstrim_cloned_disks=No', 'Write booleans as 1 and 0'),
      'agent: 1,fstrim_cloned_disks=0',
    );
  });

  test('an enum that has on is left alone', () => assert.deepEqual(offered('scsi0: a:b,discard=¦on').found, []));

  test('a line from a snapshot to the main section, in its place', () =>
    assert.equal(
      after('bios: ovmf\nmemory: 512\n\n[s1]\nhostpci0: ¦01:00\nsnaptime: 1\n', 'Move hostpci0 to the main section'),
      'bios: ovmf\nhostpci0: 01:00\nmemory: 512\n\n[s1]\nsnaptime: 1\n',
    ));

  test('over the line that is there', () =>
    assert.equal(
      after('hostpci0: 02:00,pcie=1\n[PENDING]\nhostpci0: 01:¦00\n', 'Move hostpci0 to the main section'),
      'hostpci0: 01:00\n[PENDING]\n',
    ));

  test('at the end of a CRLF file', () =>
    assert.equal(
      after('bios: ovmf\r\n[s1]\r\nname: ¦x\r\n', 'Move name to the main section'),
      'bios: ovmf\r\nname: x\r\n[s1]\r\n',
    ));

  test('nothing to move in the main section, and no header', () => {
    assert.deepEqual(offered('bios: ov¦mf').found, []);
    assert.deepEqual(offered('[s¦1]\nbios: ovmf').found, []);
  });

  test('sorted as Proxmox writes it, and nothing more once it is', () => {
    const text = 'name: ¦x\nbios: ovmf\n\n[s1]\nsnaptime: 1735689600\nbios: ovmf\n';
    const sorted = 'bios: ovmf\nname: x\n\n[s1]\nbios: ovmf\nsnaptime: 1735689600\n';
    assert.equal(after(text, 'Sort as Proxmox VE writes it'), sorted);
    assert.equal(vmConf.format?.(open(text).file), sorted);
    assert.deepEqual(offered(sorted.replace('name', 'na¦me')).found, []);
    assert.equal(after('name: ¦x\nbios: ovmf', 'Sort as Proxmox VE writes it'), 'bios: ovmf\nname: x\n');
    assert.equal(
      after('args: a\nname: ¦x\n\nbios: ovmf\n[s1]\nname: y\n', 'Sort as Proxmox VE writes it'),
      'args: a\nbios: ovmf\nname: x\n\n[s1]\nname: y\n',
    );
    assert.deepEqual(offered('bios: ovmf\n\n\nname: ¦x').found, []);
  });

  test('a card as its functions, and back', () => {
    assert.equal(
      after('hostpci0: 01:¦00,pcie=1', 'List every function', host),
      'hostpci0: 0000:01:00.0;0000:01:00.1,pcie=1',
    );
    assert.equal(
      after('hostpci0: 0000:01:00.0;0000:01:00.1¦,pcie=1', 'Write as all functions of 01:00', host),
      'hostpci0: 0000:01:00,pcie=1',
    );
    assert.equal(after('hostpci0: host=01:00.0¦', 'Pass all functions of 01:00', host), 'hostpci0: host=0000:01:00');
  });

  test('a card with one function has nothing to expand', () =>
    assert.deepEqual(offered('hostpci0: 00:02.0¦', host).found, []));

  test('without a host nothing is known of functions', () => assert.deepEqual(offered('hostpci0: 01:00¦').found, []));
});
