import type { PermissionRow, RolesRow } from '@tessera/protocol'
import { isHoldable, keyOf, type Permission, type Roles } from './roles/roles.ts'
import type { RolesInForce } from './roles-in-force.ts'

/** Of a privilege that includes very many the nearest are shown. */
const mostExpanded = 50

export const showRoles = ({ current, since, problem }: RolesInForce, iso: (at: number) => string): RolesRow => ({
  since: iso(since.at),
  by: since.by,
  from: since.from,
  restrictedByDefault: current.restrictedByDefault,
  forceLogin: current.forceLogin,
  privileges: [...current.privileges.values()].map(({ name, includes }) => ({ privilege: name, includes: [...includes], ...expand(current, [name]) })),
  roles: [...current.roles.values()].map(({ name, privileges }) => ({ role: name, privileges: [...privileges], ...expand(current, privileges) })),
  permissions: [...current.permissions.values()].map(showPermission),
  warnings: [...current.warnings],
  problem,
})

export const showPermission = ({ name, type, lists, lines }: Permission): PermissionRow => ({
  applyTo: name,
  type,
  lists: Object.fromEntries([...lists].map(([action, names]) => [action, [...names]])),
  lines: [...lines],
})

/** As `hold` does, with an end to it: shown for each privilege, whole chains would take the square of their length. */
const expand = ({ privileges }: Roles, names: readonly string[]): { expanded: string[]; cut: boolean } => {
  const reached = new Map<string, string>()
  const take = (name: string): void => {
    const key = keyOf(name)
    if (reached.size <= mostExpanded && !reached.has(key) && isHoldable(privileges, key)) reached.set(key, privileges.get(key)?.name ?? key)
  }
  names.forEach(take)
  for (const key of reached.keys()) privileges.get(key)?.includes.forEach(take)
  return { expanded: [...reached.values()].slice(0, mostExpanded).sort(), cut: reached.size > mostExpanded }
}
