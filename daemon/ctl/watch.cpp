#include "watch.h"

#include "failure.h"
#include "output.h"
#include "screen.h"
#include "terminal.h"
#include "time_text.h"
#include "visible_text.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include <unistd.h>

namespace gatehouse::ctl {

namespace {

constexpr std::chrono::duration<double> usual_pause{2};

std::chrono::duration<double> pause_of(call const& what)
{
    auto const written = what.words.text("--watch");
    return written && written->empty() ? usual_pause
                                       : what.words.seconds("--watch").value_or(usual_pause);
}

bool may_come_back(failure const& why)
{
    return why.code == "no_daemon" || why.code == "no_answer" || why.code == "timeout";
}

// Samples, as long as the daemon was there once.
class sampler {
public:
    sampler(sample const& next, call const& what) : next_{next}, what_{what} {}

    // Nothing while the daemon is away; then `away` says why.
    std::optional<std::string> take()
    {
        try {
            counted_.begin(std::chrono::steady_clock::now());
            auto text = next_(counted_);
            if (is_away_)
                back_ = true;
            is_away_ = false;
            away_.clear();
            had_one_ = true;
            return text;
        } catch (failure const& why) {
            if (!had_one_ || !may_come_back(why))
                throw;
            counted_.forget();
            is_new_ = !is_away_;
            is_away_ = true;
            away_ = visible(why.what()) + "; trying again";
            return std::nullopt;
        }
    }

    std::string const& away() const { return away_; }
    bool went_away_just_now() const { return is_new_; }
    bool came_back() { return std::exchange(back_, false); }
    call const& what() const { return what_; }

private:
    sample const& next_;
    call const& what_;
    rates counted_;
    std::string away_;
    bool had_one_ = false;
    bool is_away_ = false;
    bool is_new_ = false;
    bool back_ = false;
};

std::string headline()
{
    return time_text(std::chrono::system_clock::now()) + '\n';
}

[[noreturn]] void redraw(sampler& samples, std::chrono::duration<double> pause)
{
    auto last = samples.take().value_or("");
    screen on;
    for (;;) {
        auto shown = headline();
        if (!samples.away().empty())
            shown += alarming(samples.away(), look_of(STDOUT_FILENO)) + '\n';
        on.draw(shown += last);
        std::this_thread::sleep_for(pause);
        if (auto next = samples.take())
            last = std::move(*next);
    }
}

[[noreturn]] void append(sampler& samples, std::chrono::duration<double> pause)
{
    auto const is_json = samples.what().form == output_form::json;
    end_quietly_when_interrupted();
    for (;; std::this_thread::sleep_for(pause)) {
        auto const text = samples.take();
        if (!text) {
            if (samples.went_away_just_now())
                complain(samples.away());
            continue;
        }
        if (samples.came_back())
            complain("the daemon is back");
        print(is_json ? *text : headline() + *text + '\n');
    }
}

}  // namespace

std::string one_line(std::string_view document)
{
    auto made = visible_document(document.substr(0, document.find_last_not_of(" \t\r\n") + 1));
    std::replace_if(
        made.begin(), made.end(), [](char c) { return c == '\n' || c == '\r'; }, ' '
    );
    return made + '\n';
}

int watch(call const& what, sample const& next)
{
    auto const pause = pause_of(what);
    sampler samples{next, what};
    if (what.form == output_form::text && kind_of(STDOUT_FILENO) == stream_kind::terminal)
        redraw(samples, pause);
    append(samples, pause);
}

}  // namespace gatehouse::ctl
