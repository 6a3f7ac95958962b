// What a thread of threads.c and distinct.c is given.
#pragma once

struct job {
  int number;
  const char *tag;
};
