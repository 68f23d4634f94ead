> SYNTAX TEST "source.shell" "kernel parameters in the assignments of /etc/default/grub, and nowhere else"
# GRUB_CMDLINE_LINUX="quiet"
>                     ^^^^^ - entity.name.tag.kernel-cmdline
GRUB_DEFAULT=0
> <------------ - variable.other.assignment.grub.shell
GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on vfio-pci.ids=10de:2206 $EXTRA"
> <-------------------------- variable.other.assignment.grub.shell
>                         ^ keyword.operator.assignment.shell
>                          ^ punctuation.definition.string.begin.shell
>                           ^^^^^ meta.embedded.kernel-cmdline.shell entity.name.tag.kernel-cmdline
>                                 ^^^^^^^^^^^ entity.name.tag.kernel-cmdline
>                                             ^^ constant.language.kernel-cmdline
>                                                ^^^^^^^^ entity.name.type.module.kernel-cmdline
>                                                         ^^^ variable.parameter.kernel-cmdline
>                                                             ^^^^^^^^^ constant.numeric.pci-id.kernel-cmdline
>                                                                       ^^^^^^ variable.other.normal.shell
>                                                                             ^ punctuation.definition.string.end.shell
export GRUB_CMDLINE_LINUX='console=tty0 iommu=pt'
> <------ storage.modifier.export.shell
>      ^^^^^^^^^^^^^^^^^^ variable.other.assignment.grub.shell
>                          ^^^^^^^ entity.name.tag.kernel-cmdline
>                                  ^^^^ support.constant.property-value.kernel-cmdline
>                                       ^^^^^ entity.name.tag.kernel-cmdline
>                                             ^^ support.constant.property-value.kernel-cmdline
GRUB_CMDLINE_LINUX_DEFAULT+=" amd_iommu=on"
>                         ^^ keyword.operator.assignment.shell
>                             ^^^^^^^^^ entity.name.tag.kernel-cmdline
GRUB_CMDLINE_LINUX="foo=\"a b\" bar"
>                       ^^ constant.character.escape.shell
>                               ^^^ entity.name.tag.kernel-cmdline
GRUB_CMDLINE_LINUX="" # nothing more
>                       ^^^^^^^^^^^^ - entity.name.tag.kernel-cmdline meta.embedded.kernel-cmdline.shell
GRUB_DISTRIBUTOR="quiet splash"
>                 ^^^^^^^^^^^^ - entity.name.tag.kernel-cmdline meta.embedded.kernel-cmdline.shell
CMDLINE="quiet intel_iommu=on"
>        ^^^^^ - entity.name.tag.kernel-cmdline
>              ^^^^^^^^^^^ - entity.name.tag.kernel-cmdline
echo "GRUB_CMDLINE_LINUX=quiet"
>                        ^^^^^ - entity.name.tag.kernel-cmdline
MY_GRUB_CMDLINE_LINUX="quiet"
>                      ^^^^^ - entity.name.tag.kernel-cmdline
