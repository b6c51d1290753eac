import type { Page } from '@playwright/test'

export declare const keystrokeToPaint: (page: Page, key: string, expected: string) => Promise<number>
export declare const scrollList: (page: Page, forMs: number) => Promise<{ framesPerSecond: number; longTasks: number }>
