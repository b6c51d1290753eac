/**
 * Types one character into the search field and answers how long it took until the list that it asks for was painted.
 * @param {import('@playwright/test').Page} page
 * @param {string} key
 * @param {string} expected what the heading says then
 * @returns {Promise<number>} milliseconds
 */
export const keystrokeToPaint = async (page, key, expected) => {
  await page.getByRole('searchbox', { name: 'Search sessions' }).focus()
  // In place before the key is pressed, and read after it.
  const painted = await page.evaluateHandle((text) => {
    let pressedAt = 0
    const note = () => {
      pressedAt = performance.now()
    }
    window.addEventListener('keydown', note, { capture: true, once: true })
    return {
      delay: new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          if (pressedAt === 0 || document.querySelector('h1')?.textContent !== text) return
          observer.disconnect()
          // Two frames: the one in which the change is painted, and the moment after it.
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - pressedAt)))
        })
        observer.observe(document.body, { subtree: true, childList: true, characterData: true })
      }),
    }
  }, expected)
  await page.keyboard.press(key)
  return painted.evaluate(({ delay }) => delay)
}

/**
 * Scrolls the list for a while, a step each frame.
 * @param {import('@playwright/test').Page} page
 * @param {number} forMs
 * @returns {Promise<{ framesPerSecond: number, longTasks: number }>} tasks over 50 ms that kept the page from painting
 */
export const scrollList = (page, forMs) =>
  page.evaluate(
    (duration) =>
      new Promise((resolve) => {
        const grid = document.querySelector('[role=grid]')
        let longTasks = 0
        const observer = new PerformanceObserver((list) => {
          longTasks += list.getEntries().length
        })
        observer.observe({ entryTypes: ['longtask'] })
        const from = performance.now()
        let frames = 0
        const step = () => {
          frames += 1
          const elapsed = performance.now() - from
          if (grid !== null) grid.scrollTop = grid.scrollTop + 40 >= grid.scrollHeight - grid.clientHeight ? 0 : grid.scrollTop + 40
          if (elapsed < duration) requestAnimationFrame(step)
          else {
            observer.disconnect()
            resolve({ framesPerSecond: (frames * 1000) / elapsed, longTasks })
          }
        }
        requestAnimationFrame(step)
      }),
    forMs,
  )
