#include "secret_output.h"

#include "failure.h"
#include "output.h"
#include "visible_text.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::ctl {

secret_output::secret_output(std::optional<std::string_view> out, stream_kind standard_output)
    : is_alone_{out == "-"}
{
    if (!out && standard_output != stream_kind::terminal)
        throw usage_error{
            "this prints a secret and standard output is no terminal: name a new file with "
            "--out FILE, or say --out - to write it to standard output"};
    if (!out || is_alone_)
        return;
    if (out->empty())
        throw usage_error{"--out needs the name of a file, or -"};
    file_ = *out;
    create();
}

secret_output::~secret_output()
{
    if (opened_ && opened_->get() >= 0 && !is_written_)
        ::unlink(file_.c_str());
}

void secret_output::create()
{
    opened_.emplace(
        ::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)
    );
    if (opened_->get() < 0 && errno == EEXIST)
        throw failure{
            "exists", visible(file_) + " exists and is not overwritten; nothing was done"};
    if (opened_->get() < 0)
        throw failure{
            "failed",
            visible(file_) + " cannot be created: " + std::generic_category().message(errno) +
                "; nothing was done"};
    static_cast<void>(::fchmod(opened_->get(), 0600));
}

void secret_output::write(std::string_view secret)
{
    if (file_.empty()) {
        print(secret);
        return;
    }
    if (!write_all(opened_->get(), secret) || ::fsync(opened_->get()) != 0)
        throw failure{
            "failed",
            visible(file_) + " cannot be written: " + std::generic_category().message(errno) +
                "; the daemon has done its part"};
    is_written_ = true;
}

void secret_output::tell(std::string_view text) const
{
    is_alone_ ? note(text) : print(text);
}

}  // namespace gatehouse::ctl
