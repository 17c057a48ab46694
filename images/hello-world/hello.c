/*
 * What `docker run hello-world` prints. No C library: three system calls are all that it takes, so the image is about
 * as small as an image can be.
 */

static const char greeting[] =
  "Hello from Docker!\n"
  "If you can read this, your container engine works.\n"
  "\n"
  "What has just happened, step by step:\n"
  " 1. The docker command asked the Docker daemon to run the image \"hello-world\".\n"
  " 2. The daemon did not have it, so it pulled it from the registry; next time it is here.\n"
  " 3. It made a container of it: a process with its own file system, process numbers\n"
  "    and network, running the one program that the image holds.\n"
  " 4. That program wrote these lines. The daemon passed them on to the docker command,\n"
  "    and that wrote them to your terminal.\n"
  "\n"
  "What to try next:\n"
  "  docker ps -a                    the container is still there, it has only ended\n"
  "  docker run -it busybox sh       a shell in a container of its own\n"
  "  docker history hello-world      what this image is made of\n"
  "\n";

static int system_call(int number, int first, const void *second, unsigned third)
{
  int result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(first), "c"(second), "d"(third) : "memory");
  return result;
}

enum { EXIT = 1, WRITE = 4 };

void _start(void);

void _start(void)
{
  const char *text = greeting;
  unsigned left = sizeof greeting - 1;
  while (left > 0) {
    int written = system_call(WRITE, 1, text, left);
    if (written <= 0)
      break;
    text += written;
    left -= (unsigned)written;
  }
  system_call(EXIT, left > 0, 0, 0);
}
