import type { Roles } from './roles.ts'

/** Whether web visitors must sign in before they may do anything (4d.md WEB-07). The one place that asks. */
export const isLoginForced = (roles: Roles & { forceLogin?: boolean }): boolean => roles.forceLogin ?? false
