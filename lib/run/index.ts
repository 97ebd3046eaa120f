export { defineTest, type TestDef } from './define';
