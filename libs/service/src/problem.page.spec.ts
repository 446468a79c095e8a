import { expect, it } from '@jest/globals';
import { problemPage, PROBLEM_PAGE_POLICY, wantsPage } from './problem.page.ts';

it.each([
  [404, 'zh-CN,zh;q=0.9', '没有这个页面'],
  [404, 'en-GB', 'There is no such page'],
  [404, undefined, 'There is no such page'],
  [503, 'zh', '暂时无法访问'],
  [500, 'de', 'This cannot be opened'],
])('status %i for %s', (status, languages, title) => {
  expect(problemPage(status, languages)).toContain(`<h1>${title}</h1>`);
  expect(PROBLEM_PAGE_POLICY).not.toContain('unsafe');
});

it.each([
  ['GET', '/p/none', 'text/html,application/xhtml+xml', true],
  ['GET', '/nowhere', 'text/html', true],
  ['GET', '/nowhere', 'application/json', false],
  ['GET', '/nowhere', undefined, false],
  ['GET', '/v1/pages/none', 'text/html', false],
  ['POST', '/nowhere', 'text/html', false],
])('%s %s with Accept %s is answered as a page: %s', (method, url, accepted, is) =>
  expect(wantsPage(method, url, accepted)).toBe(is),
);
