export const signInPath = (next: string): string => `/sign-in/?next=${encodeURIComponent(next)}`

/** Where to go after signing in: a path of this console, whatever the address bar asked for. */
export const safeNext = (next: string | null): string => (next !== null && /^\/(?![/\\])/.test(next) ? next : '/sessions/')
