/** Actions and kinds of resources as `roles.json` writes them. */
export const actions = ['execute', 'read', 'create', 'update', 'drop'] as const
export const resourceTypes = ['method', 'dataclass', 'attribute', 'datastore', 'singleton', 'singletonMethod'] as const
